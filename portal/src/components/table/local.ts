/** Lists that come whole: sorted, filtered and searched here as the server does it for long ones. */
import type { PageOfRows, View } from "./model";

type Sortable = string | number | boolean | null;

interface LocalRules<Row> {
  /** What a row is found by. */
  readonly texts: (row: Row) => readonly (string | null)[];
  /** What a row is sorted by, by the `sort` of columns. */
  readonly values: (row: Row, sort: string) => Sortable;
  /** Whether a row passes a filter. */
  readonly passes?: (row: Row, filter: string, values: readonly string[]) => boolean;
}

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** Return what of a whole list a view shows. */
export function locally<Row>(rows: readonly Row[], view: View, rules: LocalRules<Row>): PageOfRows<Row> {
  const sought = view.search.trim().toLowerCase();
  const shown = rows
    .filter((row) => sought === "" || rules.texts(row).some((text) => text?.toLowerCase().includes(sought)))
    .filter((row) => Object.entries(view.filters).every(([id, values]) => values.length === 0 || rules.passes?.(row, id, values) === true));
  const descending = view.sort.startsWith("-");
  const sort = descending ? view.sort.slice(1) : view.sort;
  const ordered = shown.toSorted((one, other) => compare(rules.values(one, sort), rules.values(other, sort), descending));
  return { items: ordered, next: null };
}

function compare(one: Sortable, other: Sortable, descending: boolean): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const order = typeof one === "string" && typeof other === "string" ? collator.compare(one, other) : Number(one) - Number(other);
  return descending ? -order : order;
}
