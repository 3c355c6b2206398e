/** What a table is made of. */
import type { ReactNode } from "react";
import type { Topic } from "@/api/changes";

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly render: (row: Row) => ReactNode;
  /** The cell as a text, for exports. */
  readonly text: (row: Row) => string | number | boolean | null;
  /** What the source calls it when it sorts by it; a column without it is not sorted. */
  readonly sort?: string;
  /** The least width in pixels, and its share of what is left over. */
  readonly width: number;
  readonly grow?: number;
  readonly numeric?: boolean;
  /** Whether it leads to the row's page. */
  readonly isLink?: boolean;
  /** Whether people have to ask for it. */
  readonly optional?: boolean;
}

export interface Filter {
  readonly id: string;
  readonly label: string;
  readonly options: readonly FilterOption[];
  /** Whether one value at most may be chosen. */
  readonly single?: boolean;
}

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/** What a list shows: the address of the page carries it. */
export interface View {
  readonly search: string;
  /** A column's `sort`, with `-` before it where it descends. */
  readonly sort: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

export interface PageOfRows<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

export interface Source<Row> {
  /** Tells this list from every other one. */
  readonly key: readonly unknown[];
  readonly load: (view: View, after: string | null, limit: number, signal?: AbortSignal) => Promise<PageOfRows<Row>>;
  readonly topics: readonly Topic[];
  /** Whether it can look for a text. */
  readonly searches: boolean;
}

export interface RowAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly run: () => void;
  /** Why it cannot be done now. */
  readonly disabled?: string | undefined;
  readonly danger?: boolean;
}

/** Whether anything narrows a view. */
export function isFiltered(view: View): boolean {
  return view.search !== "" || Object.values(view.filters).some((values) => values.length > 0);
}

/** The next order when somebody chooses a column's header: ascending, descending, and back. */
export function nextSort(current: string, column: string): string {
  return current === column ? `-${column}` : column;
}

/** Which columns fit: people's own choice, the last ones dropped where there is no room. */
export function fitting<Row>(columns: readonly Column<Row>[], room: number): readonly Column<Row>[] {
  const kept = [...columns];
  while (kept.length > 1 && kept.reduce((sum, column) => sum + column.width, 0) > room) kept.pop();
  return kept;
}
