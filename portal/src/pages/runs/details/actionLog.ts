/** The part of a run's action log that is on the page: a range of rows without gaps. */
import type { ActionPage, ActionRow, LogMatches } from "@/api/portal";

export interface ActionRange {
  /** By index, the least first. */
  readonly rows: readonly ActionRow[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Where a text is sought: in how many rows it stands, and of how many. */
  readonly found: LogMatches | null;
}

/** What of a log is read: all of it with its loops closed, the inside of one loop, or what filters let through. */
export interface LogPart {
  readonly closed?: true;
  readonly loop?: number;
  readonly search?: string;
  readonly problems?: true;
  readonly subflow?: readonly string[];
  readonly action?: readonly string[];
  readonly status?: readonly string[];
  readonly level?: readonly string[];
}

export const NOTHING: ActionRange = { rows: [], hasOlder: false, hasNewer: false, found: null };

/** The part that some filters and a sought text let through; without any, the log with its loops closed. */
export function partOf(filters: Readonly<Record<string, readonly string[]>>, search = ""): LogPart {
  const chosen = Object.entries(filters).filter(([, values]) => values.length > 0);
  const sought = search.trim();
  if (chosen.length === 0 && sought === "") return { closed: true };
  const part = Object.fromEntries(chosen.map(([id, values]) => (id === "problems" ? [id, true] : [id, values])));
  return sought === "" ? part : { ...part, search: sought };
}

/** The range that begins at one end of the log. */
export function begin(page: ActionPage, from: "start" | "end"): ActionRange {
  const more = page.first !== null;
  return { rows: page.items, hasOlder: from === "end" && more, hasNewer: from === "start" && more, found: page.found };
}

/** Behind which index to ask for what is new: a loop that goes on is read again, with what became of it. */
export function newerThan({ rows }: ActionRange): number {
  const goesOn = rows.find((row) => row.loop?.ended === false);
  return goesOn === undefined ? (rows.at(-1)?.index ?? -1) : goesOn.index - 1;
}

/** The range with what follows it; rows that were read again are replaced. */
export function withNewer(range: ActionRange, page: ActionPage): ActionRange {
  const first = page.items[0]?.index ?? Number.MAX_SAFE_INTEGER;
  return { ...range, rows: [...range.rows.filter((row) => row.index < first), ...page.items], hasNewer: page.first !== null, found: page.found };
}

/** The range with what comes before it. */
export function withOlder(range: ActionRange, page: ActionPage): ActionRange {
  const first = range.rows[0]?.index ?? Number.MAX_SAFE_INTEGER;
  return { ...range, rows: [...page.items.filter((row) => row.index < first), ...range.rows], hasOlder: page.first !== null };
}
