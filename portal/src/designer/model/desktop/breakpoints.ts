/** Breakpoints: rows at which a run pauses. They stay with their rows, wherever these go. */
import type { Document, Row } from "./document";

/** Where a row stands: its subflow and its number there, from 1. */
export interface RowPlace {
  readonly subflow: string;
  readonly row: number;
}

/** Whether a run can pause at a row: it does something of its own. */
export function canBreak(row: Row): boolean {
  return !row.closes && !row.branch && row.name !== "#" && !row.name.startsWith("**");
}

/** When a breakpoint counts, and what happens then. */
export interface Rule {
  /** The expression that must be true; null for always. */
  readonly condition: string | null;
  /** At which time it begins to count; null for the first one. */
  readonly hits: number | null;
  /** A text to log instead of pausing; null to pause. */
  readonly log: string | null;
}

/** A breakpoint without a rule of its own: the run pauses each time. */
export const ALWAYS: Rule = { condition: null, hits: null, log: null };

export type Rules = ReadonlyMap<number, Rule>;

export interface PlacedBreakpoint extends RowPlace, Rule {}

/** The breakpoints of the rows with some keys, in the order of the flow. */
export function placesOf(document: Document, rules: Rules): readonly PlacedBreakpoint[] {
  return document.subflows.flatMap(({ name, rows }) =>
    rows.flatMap((row) => {
      const rule = rules.get(row.key);
      return rule !== undefined && canBreak(row) ? [{ subflow: name, row: row.number, ...rule }] : [];
    }),
  );
}

/** The row at a place. */
export function rowAt(document: Document, place: RowPlace): Row | undefined {
  return document.subflows.find((one) => one.name.toLowerCase() === place.subflow.toLowerCase())?.rows.find((row) => row.number === place.row);
}

/** The rules of the rows at some places, by the rows' keys; places without a row are left out. */
export function rulesAt(document: Document, places: readonly (RowPlace & Partial<Rule>)[]): Rules {
  return new Map(
    places.flatMap((place): [number, Rule][] => {
      const row = rowAt(document, place);
      return row === undefined ? [] : [[row.key, { condition: place.condition ?? null, hits: place.hits ?? null, log: place.log ?? null }]];
    }),
  );
}

/** Some breakpoints with one more, or with one less. */
export function toggled(rules: Rules, key: number): Rules {
  return withRule(rules, key, rules.has(key) ? undefined : ALWAYS);
}

/** Some breakpoints with another rule for one, or without it. */
export function withRule(rules: Rules, key: number, rule: Rule | undefined): Rules {
  const next = new Map(rules);
  if (rule === undefined) next.delete(key);
  else next.set(key, rule);
  return next;
}
