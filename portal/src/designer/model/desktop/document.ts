/** A desktop flow as its designer works on it: subflows of rows, each with its own lines of text. */
import type { FlowOutline, OutlineRow } from "@/api/portal";

export interface Row extends OutlineRow {
  /** What tells rows apart while they move. */
  readonly key: number;
}

export interface Subflow {
  readonly name: string;
  /** The lines before its rows, FUNCTION among them; empty for Main. */
  readonly opening: string;
  readonly rows: readonly Row[];
}

export interface Document {
  /** Imports, inputs and outputs. */
  readonly header: string;
  /** Main is the first. */
  readonly subflows: readonly Subflow[];
  /** UI elements and images, as they were copied. */
  readonly repository: string;
}

const INDENT = "    ";
let lastKey = 0;

/** Rows with keys of their own. */
export function keyed(rows: readonly OutlineRow[]): readonly Row[] {
  return rows.map((row) => ({ ...row, key: ++lastKey }));
}

/** The document that the server read; rows whose text stayed keep their keys. */
export function fromOutline(outline: FlowOutline, before?: Document): Document {
  const former = new Map(before?.subflows.map((one) => [one.name, one.rows]));
  return {
    header: outline.header,
    repository: outline.repository,
    subflows: outline.subflows.map((one) => ({ ...one, rows: withKeys(one.rows, former.get(one.name) ?? []) })),
  };
}

function withKeys(rows: readonly OutlineRow[], former: readonly Row[]): readonly Row[] {
  let start = 0;
  while (start < rows.length && start < former.length && rows[start]?.text === former[start]?.text) start++;
  let end = 0;
  const most = Math.min(rows.length, former.length) - start;
  while (end < most && rows[rows.length - 1 - end]?.text === former[former.length - 1 - end]?.text) end++;
  return rows.map((row, at) => {
    const kept = at < start ? former[at] : at >= rows.length - end ? former[former.length - rows.length + at] : former.length === rows.length ? former[at] : undefined;
    return { ...row, key: kept?.key ?? ++lastKey };
  });
}

/** A row's lines, so many levels deep; lines within texts stay where they are. */
export function rowText(row: OutlineRow, depth = row.depth): string {
  const indent = INDENT.repeat(depth);
  const lines = row.text.split("\n");
  if (lines.length === 1) return indent + row.text;
  return lines.map((line, at) => (line === "" || row.fixed.includes(at) ? line : indent + line)).join("\n");
}

/** What the text view shows of a subflow: for Main also what stands before it. */
export function subflowText(document: Document, name: string): string {
  const subflow = document.subflows.find((one) => one.name === name);
  if (subflow === undefined) return "";
  const lines = subflow.rows.map((row) => rowText(row));
  return [...(subflow.opening === "" && document.header !== "" ? [document.header] : []), ...lines].join("\n");
}

export interface Typed {
  readonly subflow: string;
  readonly text: string;
}

export interface WholeText {
  readonly text: string;
  /** The first line of each subflow's part in it, from 1. */
  readonly lines: ReadonlyMap<string, number>;
}

/** The flow's whole text; what is being typed stands in the place of its subflow. */
export function wholeText(document: Document, typed?: Typed): WholeText {
  const parts: string[] = [];
  const lines = new Map<string, number>();
  let line = 1;
  const add = (part: string) => {
    if (part === "") return;
    parts.push(part);
    line += part.split("\n").length;
  };
  for (const one of document.subflows) {
    const isMain = one.opening === "";
    if (!isMain) add(one.opening);
    lines.set(one.name, line);
    if (typed?.subflow === one.name) {
      add(typed.text.replace(/\n+$/, ""));
    } else {
      if (isMain) add(document.header);
      add(one.rows.map((row) => rowText(row, row.depth + (isMain ? 0 : 1))).join("\n"));
    }
    if (!isMain) add("END FUNCTION");
  }
  if (document.repository !== "") add(`\n${document.repository}`);
  return { text: parts.length === 0 ? "" : `${parts.join("\n")}\n`, lines };
}

/** The lines that rows take in the text view of their subflow, from 1. */
export function rowLines(document: Document, subflow: Subflow): readonly number[] {
  let line = 1 + (subflow.opening === "" && document.header !== "" ? document.header.split("\n").length : 0);
  return subflow.rows.map((row) => {
    const at = line;
    line += row.text.split("\n").length;
    return at;
  });
}
