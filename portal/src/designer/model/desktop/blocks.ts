/** Blocks of rows: what belongs together, what is folded away, what is selected with what. */
import type { Row } from "./document";

/** The place after a row with all that belongs to it: a block ends with its END, a branch before the next one. */
export function endOf(rows: readonly Row[], at: number): number {
  const row = rows[at];
  if (row === undefined) return at;
  if (isRegion(row)) return regionEnd(rows, at);
  if (!row.opens) return at + 1;
  for (let place = at + 1; place < rows.length; place++) {
    const one = rows[place];
    if (one === undefined || one.depth > row.depth) continue;
    if (one.closes && one.depth === row.depth) return row.branch ? place : place + 1;
    if (row.branch) return place;
  }
  return rows.length;
}

function isRegion(row: Row): boolean {
  return row.name === "**REGION";
}

function regionEnd(rows: readonly Row[], at: number): number {
  let open = 0;
  for (let place = at; place < rows.length; place++) {
    if (rows[place]?.name === "**REGION") open++;
    if (rows[place]?.name === "**ENDREGION" && --open === 0) return place + 1;
  }
  return at + 1;
}

/** Whether a row can be folded. */
export function folds(rows: readonly Row[], at: number): boolean {
  return rows[at]?.opens === true || endOf(rows, at) - at > 1;
}

/** The places of the rows that are seen while some are folded. */
export function seen(rows: readonly Row[], folded: ReadonlySet<number>): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    places.push(at);
    const row = rows[at];
    if (row === undefined || !folded.has(row.key)) continue;
    // A folded branch ends before the next one, a folded block with its END: the next of its rows is seen.
    let end = endOf(rows, at);
    if (row.opens && !row.branch) end = nextOfBlock(rows, at);
    at = end - 1;
  }
  return places;
}

/** The rows that are folded, without those that hide a place. */
export function revealing(rows: readonly Row[], folded: ReadonlySet<number>, place: number): ReadonlySet<number> {
  const hiding = rows.flatMap((row, at) => (at < place && folded.has(row.key) && place < endOf(rows, at) ? [row.key] : []));
  return hiding.length === 0 ? folded : without(folded, hiding);
}

function without(keys: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> {
  const left = new Set(keys);
  gone.forEach((key) => left.delete(key));
  return left;
}

/** Some rows, and those that are folded away below them. */
export function withHidden(rows: readonly Row[], keys: ReadonlySet<number>, folded: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(keys);
  rows.forEach((row, at) => {
    if (keys.has(row.key) && folded.has(row.key)) rows.slice(at, endOf(rows, at)).forEach((one) => all.add(one.key));
  });
  return all.size === keys.size ? keys : all;
}

/** The first and the last place of some rows with all between them, so that no block or region is torn apart. */
export function span(rows: readonly Row[], keys: ReadonlySet<number>): readonly [number, number] | undefined {
  const places = whole(rows, keys);
  let first = places[0] ?? -1;
  let last = places.at(-1) ?? -1;
  if (first < 0) return undefined;
  for (let at = first; at <= last; at++) {
    const row = rows[at];
    if (row === undefined) break;
    const begin = beginningOf(rows, at);
    const end = row.opens || isRegion(row) ? endOf(rows, row.branch ? begin : at) - 1 : at;
    last = Math.max(last, end, begin < at ? endOf(rows, begin) - 1 : at);
    if (begin < first) {
      first = begin;
      at = begin - 1;
    }
  }
  return [first, last];
}

/** Where what a row ends or goes on with begins: a block, or a region. */
function beginningOf(rows: readonly Row[], at: number): number {
  const row = rows[at];
  if (row === undefined) return at;
  if (row.name === "**ENDREGION") return partnerOf(rows, at) ?? at;
  if (row.closes) return openingOf(rows, at);
  if (!row.branch) return at;
  const depth = row.name === "CASE" || row.name === "DEFAULT" ? row.depth - 1 : row.depth;
  return rows.findLastIndex((one, place) => place < at && one.depth === depth && one.opens && !one.branch);
}

/** The place of a region's other end; undefined where there is none. */
export function partnerOf(rows: readonly Row[], at: number): number | undefined {
  if (rows[at]?.name === "**REGION") {
    const end = regionEnd(rows, at) - 1;
    return end > at ? end : undefined;
  }
  for (let place = at - 1; place >= 0; place--) {
    if (rows[place]?.name === "**REGION" && regionEnd(rows, place) - 1 === at) return place;
  }
  return undefined;
}

/** The next row of the same block: a further branch, or what follows its END. */
function nextOfBlock(rows: readonly Row[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let place = at + 1; place < rows.length; place++) {
    const one = rows[place];
    if (one !== undefined && one.depth === depth) return one.closes ? place + 1 : place;
  }
  return rows.length;
}

/** The places that go together with some: whole blocks, so that none is torn apart. */
export function whole(rows: readonly Row[], keys: ReadonlySet<number>): readonly number[] {
  const places = new Set<number>();
  rows.forEach((row, at) => {
    if (!keys.has(row.key)) return;
    const start = row.closes ? openingOf(rows, at) : at;
    const end = row.name === "**REGION" ? at + 1 : endOf(rows, start);
    for (let place = start; place < end; place++) places.add(place);
  });
  return [...places].sort((one, other) => one - other);
}

/** The place of the row that an END closes. */
export function openingOf(rows: readonly Row[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let place = at - 1; place >= 0; place--) {
    const one = rows[place];
    if (one !== undefined && one.depth === depth && one.opens && !one.branch) return place;
  }
  return at;
}

/** How deep a row stands that is put at a place. */
export function depthAt(rows: readonly Row[], place: number): number {
  const before = rows[place - 1];
  if (before === undefined) return 0;
  return before.opens ? before.depth + 1 : before.depth;
}
