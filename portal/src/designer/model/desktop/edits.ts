/** Changes of a desktop flow: a document and what shall be done, to the next document. */
import { depthAt, partnerOf, span, whole } from "./blocks";
import type { FlowOutline, OutlineRow } from "@/api/portal";
import { fromOutline, keyed, type Document, type Row, type Subflow } from "./document";

/** A document, and the keys of the rows that are new in it. */
export interface Edited {
  readonly document: Document;
  readonly keys: readonly number[];
}

export interface Place {
  readonly subflow: string;
  /** Before which row; after all where there is none. */
  readonly at: number;
}

function inSubflow(document: Document, name: string, change: (rows: readonly Row[]) => readonly Row[]): Document {
  const subflows = document.subflows.map((one): Subflow => {
    if (one.name !== name) return one;
    const rows = change(one.rows);
    return rows === one.rows ? one : { ...one, rows: numbered(rows) };
  });
  return subflows.every((one, at) => one === document.subflows[at]) ? document : { ...document, subflows };
}

function numbered(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, at) => (row.number === at + 1 ? row : { ...row, number: at + 1 }));
}

function deeper(rows: readonly Row[], depth: number): readonly Row[] {
  const change = depth - Math.min(...rows.map((row) => row.depth));
  return change === 0 ? rows : rows.map((row) => ({ ...row, depth: row.depth + change }));
}

/** Put new rows at a place; they have their keys already, so that whoever adds them knows which they are. */
export function insert(document: Document, place: Place, added: readonly Row[]): Edited {
  if (added.length === 0) return { document, keys: [] };
  const next = inSubflow(document, place.subflow, (before) => {
    const at = Math.min(place.at, before.length);
    const first = added[0];
    const beside = first?.branch === true && before[at - 1] !== undefined;
    const depth = depthAt(before, at) - (beside && first.name !== "CASE" && first.name !== "DEFAULT" ? 1 : 0);
    return [...before.slice(0, at), ...deeper(added, Math.max(0, depth)), ...before.slice(at)];
  });
  return { document: next, keys: added.map((row) => row.key) };
}

/** Give a row other lines; what it holds stays. */
export function rewrite(document: Document, subflow: string, key: number, row: OutlineRow): Document {
  return inSubflow(document, subflow, (rows) =>
    rows.map((one) => (one.key === key ? { ...row, key, depth: one.depth, number: one.number, branch: one.branch } : one)),
  );
}

/** Other lines for a row, and the lines that it had when they were made. */
export interface Rewritten {
  readonly before: string;
  readonly row: OutlineRow;
}

/** Give rows other lines, by their keys, in all subflows at once; a row that was changed meanwhile stays. */
export function rewriteAll(document: Document, changes: ReadonlyMap<number, Rewritten>): Document {
  return document.subflows.reduce((next, { name, rows }) => {
    const own = rows.filter((row) => changes.get(row.key)?.before === row.text);
    return own.reduce((changed, { key }) => {
      const row = changes.get(key)?.row;
      return row === undefined ? changed : rewrite(changed, name, key, row);
    }, next);
  }, document);
}

/** Put rows, and whatever belongs to them, into a region; without rows the region is empty and stands at a place. */
export function inRegion(document: Document, place: Place, keys: ReadonlySet<number>, first: Row, last: Row): Edited {
  const next = inSubflow(document, place.subflow, (rows) => {
    const [from, to] = span(rows, keys) ?? [place.at, place.at - 1];
    const depth = rows[from]?.depth !== undefined && to >= from ? rows[from].depth : depthAt(rows, from);
    return [...rows.slice(0, from), { ...first, depth }, ...rows.slice(from, to + 1), { ...last, depth }, ...rows.slice(to + 1)];
  });
  return { document: next, keys: [first.key] };
}

/** Remove rows, blocks as a whole; of a region both ends, but not what stands between them. */
export function remove(document: Document, subflow: string, keys: ReadonlySet<number>): Document {
  return inSubflow(document, subflow, (rows) => {
    const gone = new Set(whole(rows, keys));
    for (const at of [...gone]) {
      const other = partnerOf(rows, at);
      if (other !== undefined && rows[at]?.name.includes("REGION") === true) gone.add(other);
    }
    return gone.size === 0 ? rows : rows.filter((_, at) => !gone.has(at));
  });
}

/** The rows that are copied with some, with no indentation of their own. */
export function taken(document: Document, subflow: string, keys: ReadonlySet<number>): readonly Row[] {
  const rows = document.subflows.find((one) => one.name === subflow)?.rows ?? [];
  const found = whole(rows, keys).flatMap((at) => rows[at] ?? []);
  return found.length === 0 ? found : deeper(found, 0);
}

/** Put copies of rows after them. */
export function duplicate(document: Document, subflow: string, keys: ReadonlySet<number>): Edited {
  const rows = document.subflows.find((one) => one.name === subflow)?.rows ?? [];
  const places = whole(rows, keys);
  const last = places.at(-1);
  if (last === undefined) return { document, keys: [] };
  return insert(document, { subflow, at: last + 1 }, keyed(taken(document, subflow, keys)));
}

/** Move rows to a place of the same subflow; into themselves they do not move. */
export function move(document: Document, subflow: string, keys: ReadonlySet<number>, at: number): Document {
  return inSubflow(document, subflow, (rows) => {
    const places = new Set(whole(rows, keys));
    if (places.size === 0 || (places.has(at - 1) && places.has(at))) return rows;
    const moved = rows.filter((_, place) => places.has(place));
    const before = rows.filter((_, place) => place < at && !places.has(place));
    const after = rows.filter((_, place) => place >= at && !places.has(place));
    const result = [...before, ...deeper(moved, depthAt([...before], before.length)), ...after];
    return result.every((row, place) => row === rows[place]) ? rows : result;
  });
}

/** Where rows go that move by one step; undefined where they cannot. */
export function step(rows: readonly Row[], keys: ReadonlySet<number>, down: boolean): number | undefined {
  const places = whole(rows, keys);
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (!down) return first === 0 ? undefined : first - 1;
  return last + 1 >= rows.length ? undefined : last + 2;
}

/** Disable rows, or enable them if all of them are disabled. Ends and branches go with their blocks. */
export function toggleDisabled(document: Document, subflow: string, keys: ReadonlySet<number>): Document {
  return inSubflow(document, subflow, (rows) => {
    const places = new Set(whole(rows, keys));
    const chosen = rows.filter((row, at) => places.has(at) && canBeDisabled(row));
    const disable = chosen.some((row) => !row.disabled);
    return rows.map((row, at) => (places.has(at) && canBeDisabled(row) && row.disabled !== disable ? withDisabled(row, disable) : row));
  });
}

function canBeDisabled(row: Row): boolean {
  return !["#", "**REGION", "**ENDREGION", "?"].includes(row.name);
}

function withDisabled(row: Row, disabled: boolean): Row {
  const lines = row.text.split("\n");
  const at = lines.findIndex((line, place) => !line.startsWith("@@") && !row.fixed.includes(place));
  const head = lines[at] ?? "";
  lines[at] = disabled ? `DISABLE ${head}` : head.replace(/^DISABLE\s+/i, "");
  return { ...row, text: lines.join("\n"), disabled };
}

/** Add an empty subflow. */
export function addSubflow(document: Document, name: string): Document {
  const opening = `FUNCTION ${/^[^\W\d]\w*$/.test(name) ? name : `'${name.replaceAll("'", "")}'`} GLOBAL`;
  return { ...document, subflows: [...document.subflows, { name, opening, rows: [] }] };
}

/** Remove a subflow; Main stays. */
export function removeSubflow(document: Document, name: string): Document {
  return { ...document, subflows: document.subflows.filter((one) => one.opening === "" || one.name !== name) };
}

/**
 * Put what was copied, here or in the original, at a place: the rows of its main subflow, and the subflows and headers that are new.
 * Below them stands what the flow has of UI elements and images with those that are new, as the server joined them.
 */
export function paste(document: Document, place: Place, copied: FlowOutline, rows: readonly Row[]): Edited {
  const { document: next, keys } = insert(document, place, rows);
  const known = new Set(next.subflows.map((one) => one.name.toLowerCase()));
  const added = copied.subflows.slice(1).filter((one) => !known.has(one.name.toLowerCase())).map((one) => ({ ...one, rows: keyed(one.rows) }));
  const lines = new Set(next.header.split("\n"));
  const header = [next.header, ...copied.header.split("\n").filter((line) => line !== "" && !lines.has(line))].filter((line) => line !== "").join("\n");
  const repository = copied.repository === "" ? next.repository : copied.repository;
  return { document: { ...next, header, repository, subflows: [...next.subflows, ...added] }, keys };
}

/** The document of a text that the server wrote anew. */
export function fromText(document: Document, outline: FlowOutline): Document {
  return outline.readable ? fromOutline(outline, document) : document;
}
