/** The part of a run's action log that is on the page: a range of rows without gaps. */
import type { ActionPage, ActionRow } from "@/api/portal";

export interface ActionRange {
  /** By index, the least first. */
  readonly rows: readonly ActionRow[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** What of a log is read: all of it with its loops closed, the inside of one loop, or what filters let through. */
export interface LogPart {
  readonly closed?: true;
  readonly loop?: number;
  readonly problems?: true;
  readonly subflow?: readonly string[];
  readonly action?: readonly string[];
  readonly status?: readonly string[];
  readonly level?: readonly string[];
}

export const NOTHING: ActionRange = { rows: [], hasOlder: false, hasNewer: false };

/** The part that some filters let through; without any, the log with its loops closed. */
export function partOf(filters: Readonly<Record<string, readonly string[]>>): LogPart {
  const chosen = Object.entries(filters).filter(([, values]) => values.length > 0);
  if (chosen.length === 0) return { closed: true };
  return Object.fromEntries(chosen.map(([id, values]) => (id === "problems" ? [id, true] : [id, values])));
}

/** The range that begins at one end of the log. */
export function begin(page: ActionPage, from: "start" | "end"): ActionRange {
  const more = page.first !== null;
  return { rows: page.items, hasOlder: from === "end" && more, hasNewer: from === "start" && more };
}

/** Behind which index to ask for what is new: a loop that goes on is read again, with what became of it. */
export function newerThan({ rows }: ActionRange): number {
  const goesOn = rows.find((row) => row.loop?.ended === false);
  return goesOn === undefined ? (rows.at(-1)?.index ?? -1) : goesOn.index - 1;
}

/** The range with what follows it; rows that were read again are replaced. */
export function withNewer(range: ActionRange, page: ActionPage): ActionRange {
  const first = page.items[0]?.index ?? Number.MAX_SAFE_INTEGER;
  return { ...range, rows: [...range.rows.filter((row) => row.index < first), ...page.items], hasNewer: page.first !== null };
}

/** The range with what comes before it. */
export function withOlder(range: ActionRange, page: ActionPage): ActionRange {
  const first = range.rows[0]?.index ?? Number.MAX_SAFE_INTEGER;
  return { ...range, rows: [...page.items.filter((row) => row.index < first), ...range.rows], hasOlder: page.first !== null };
}
