/** The part of a run's action log that is on the page: a range of rows, or of rounds of a loop, without gaps. */
import type { ActionRow, LogMatches, LoopRounds } from "@/api/portal";

interface Indexed {
  readonly index: number;
}

/** Some rows or rounds, as the server gives them. */
export interface LogPage<T> {
  readonly items: readonly T[];
  /** The index of the nearest one beyond, in the direction asked for. */
  readonly first: number | null;
  readonly found?: LogMatches | null;
}

export interface LogRange<T> {
  /** By index, the least first. */
  readonly rows: readonly T[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Where a text is sought: in how many rows it stands, and of how many. */
  readonly found: LogMatches | null;
}

/** What of a log is read: all of it with its loops closed, the inside of a round of a loop, or what filters let through. */
export interface LogPart {
  readonly closed?: true;
  readonly loop?: number;
  readonly inRound?: number;
  readonly search?: string;
  readonly problems?: true;
  readonly subflow?: readonly string[];
  readonly action?: readonly string[];
  readonly status?: readonly string[];
  readonly level?: readonly string[];
}

/** The part that some filters and a sought text let through; without any, the log with its loops closed. */
export function partOf(filters: Readonly<Record<string, readonly string[]>>, search = ""): LogPart {
  const chosen = Object.entries(filters).filter(([, values]) => values.length > 0);
  const sought = search.trim();
  if (chosen.length === 0 && sought === "") return { closed: true };
  const part = Object.fromEntries(chosen.map(([id, values]) => (id === "problems" ? [id, true] : [id, values])));
  return sought === "" ? part : { ...part, search: sought };
}

/** Whether a loop is open unless somebody closed it: while it goes on, and where an error left it. */
export function opensByItself({ ended, isLeft }: LoopRounds): boolean {
  return !ended || isLeft;
}

/** The range that begins at one end of the log. */
export function begin<T>(page: LogPage<T>, from: "start" | "end"): LogRange<T> {
  const more = page.first !== null;
  return { rows: page.items, hasOlder: from === "end" && more, hasNewer: from === "start" && more, found: page.found ?? null };
}

/** Whether a row tells of a loop that may still go round. */
export function goesOn(row: ActionRow): boolean {
  return row.loop?.ended === false;
}

/** Behind which index to ask for what is new: what may have changed is read again, with all that follows it. */
export function newerThan<T extends Indexed>({ rows }: LogRange<T>, mayChange: (item: T, isLast: boolean) => boolean): number {
  const changing = rows.find((item, place) => mayChange(item, place === rows.length - 1));
  return changing === undefined ? (rows.at(-1)?.index ?? -1) : changing.index - 1;
}

/** The range with what follows it; what was read again is replaced. */
export function withNewer<T extends Indexed>(range: LogRange<T>, page: LogPage<T>): LogRange<T> {
  const first = page.items[0]?.index ?? Number.MAX_SAFE_INTEGER;
  return { ...range, rows: [...range.rows.filter((row) => row.index < first), ...page.items], hasNewer: page.first !== null, found: page.found ?? null };
}

/** The range with what comes before it. */
export function withOlder<T extends Indexed>(range: LogRange<T>, page: LogPage<T>): LogRange<T> {
  const first = range.rows[0]?.index ?? Number.MAX_SAFE_INTEGER;
  return { ...range, rows: [...page.items.filter((row) => row.index < first), ...range.rows], hasOlder: page.first !== null };
}
