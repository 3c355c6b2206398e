/** Finding rows and actions by words, by what fields show, and by variables. */
import type { FlowVariable } from "@/api/portal";
import type { Document, Row } from "./document";

/** Whether a text holds every word of a search, in any case and order. */
export function matches(text: string, search: string): boolean {
  const within = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}

/** What is looked for in a flow. */
export interface Wanted {
  readonly text: string;
  readonly matchCase: boolean;
  /** Whether letters, digits and _ beside it make it something else. */
  readonly wholeName: boolean;
}

export interface FoundRow {
  readonly subflow: string;
  readonly at: number;
  readonly row: Row;
}

/** A pattern that matches what is looked for wherever it stands; nothing is looked for without letters. */
export function patternOf({ text, matchCase, wholeName }: Wanted): RegExp | undefined {
  if (text === "") return undefined;
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const bounded = wholeName ? `(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])` : escaped;
  return new RegExp(bounded, matchCase ? "gu" : "giu");
}

/** The rows whose card or text holds something, in the order of the flow. */
export function findRows(document: Document, wanted: Wanted): readonly FoundRow[] {
  const pattern = patternOf(wanted);
  if (pattern === undefined) return [];
  return chosen(document, (row) => [row.title, sentence(row), row.text].some((text) => text.search(pattern) >= 0));
}

/** The rows in which a variable stands. */
export function usages(document: Document, variable: string): readonly FoundRow[] {
  const name = variable.toLowerCase();
  return chosen(document, (row) => row.names.some((one) => one.toLowerCase() === name));
}

function chosen(document: Document, isWanted: (row: Row) => boolean): readonly FoundRow[] {
  return document.subflows.flatMap(({ name, rows }) => rows.flatMap((row, at) => (isWanted(row) ? [{ subflow: name, at, row }] : [])));
}

/** The variables that stand in a row, in the order in which they do. */
export function variablesIn(row: Row, variables: readonly FlowVariable[]): readonly FlowVariable[] {
  return row.names.flatMap((name) => variables.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? []);
}

/** The next or the previous of some rows, seen from a place; at the ends it begins anew. */
export function nextFound(document: Document, found: readonly FoundRow[], from: { readonly subflow: string; readonly at: number }, step: 1 | -1): FoundRow | undefined {
  const order = (place: { readonly subflow: string; readonly at: number }) => [document.subflows.findIndex((one) => one.name === place.subflow), place.at] as const;
  const [subflow, at] = order(from);
  const isBeyond = (one: FoundRow) => {
    const [theirs, place] = order(one);
    return (theirs - subflow || place - at) * step > 0;
  };
  return step > 0 ? (found.find(isBeyond) ?? found[0]) : (found.findLast(isBeyond) ?? found.at(-1));
}

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** A text in pieces, so that what was found in it can be marked. */
export function piecesOf(text: string, pattern: RegExp | undefined): readonly Piece[] {
  if (pattern === undefined) return [{ text, found: false }];
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), found: false });
    pieces.push({ text: match[0], found: true });
    end = match.index + match[0].length;
  }
  if (end < text.length || pieces.length === 0) pieces.push({ text: text.slice(end), found: false });
  return pieces;
}

/** A card's line as plain text. */
export function sentence(row: Pick<Row, "summary">): string {
  return row.summary
    .map((piece) => piece.text)
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}
