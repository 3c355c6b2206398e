import { describe, expect, it } from "vitest";
import type { OutlineRow } from "@/api/portal";
import { revealing, seen, span, withHidden } from "./blocks";
import { keyed, type Document, type Row } from "./document";
import { inRegion, remove } from "./edits";
import { row } from "./testRows";

const BEGIN = { ...row("**REGION"), key: -1 };
const END = { ...row("**ENDREGION"), key: -2 };
const flow = (...rows: OutlineRow[]): Document => ({ header: "", repository: "", subflows: [{ name: "Main", opening: "", rows: keyed(rows).map((one, at) => ({ ...one, number: at + 1 })) }] });
const rowsOf = (document: Document): readonly Row[] => document.subflows[0]?.rows ?? [];
const keysOf = (document: Document, ...places: number[]) => new Set(places.map((at) => rowsOf(document)[at]?.key ?? 0));
const shown = (document: Document) => rowsOf(document).map((one) => `${"  ".repeat(one.depth)}${one.text}`);

const WITH_BLOCK = () => flow(row("A"), row("IF", 0, { opens: true }), row("B", 1), row("ELSE", 0, { opens: true, branch: true }), row("C", 1), row("END", 0, { closes: true }), row("D"));

describe("a region", () => {
  it("is put around what is selected, and numbers the rows anew", () => {
    const document = flow(row("A"), row("B"), row("C"));
    const { document: next, keys } = inRegion(document, { subflow: "Main", at: 3 }, keysOf(document, 1, 2), BEGIN, END);
    expect(shown(next)).toEqual(["A", "**REGION", "B", "C", "**ENDREGION"]);
    expect(rowsOf(next).map((one) => one.number)).toEqual([1, 2, 3, 4, 5]);
    expect(keys).toEqual([rowsOf(next)[1]?.key]);
  });

  it("stands within the block of what it holds", () => {
    const document = WITH_BLOCK();
    expect(shown(inRegion(document, { subflow: "Main", at: 0 }, keysOf(document, 2), BEGIN, END).document).slice(1, 5)).toEqual(["IF", "  **REGION", "  B", "  **ENDREGION"]);
  });

  it("tears no block and no other region apart", () => {
    const block = WITH_BLOCK();
    for (const place of [[0, 2, 3], [3], [1], [5], [4, 5], [2, 6]]) {
      const found = span(rowsOf(block), keysOf(block, ...place));
      expect([place, found]).toEqual([place, [Math.min(...place, 1), Math.max(...place, 5)]]);
    }
    const regions = flow(row("A"), BEGIN, row("B"), END, row("C"));
    expect(span(rowsOf(regions), keysOf(regions, 0, 2))).toEqual([0, 3]);
    expect(span(rowsOf(regions), keysOf(regions, 2, 4))).toEqual([2, 4].map((at) => (at === 2 ? 1 : 4)));
  });

  it("is empty and stands at a place where nothing is selected", () => {
    expect(shown(inRegion(WITH_BLOCK(), { subflow: "Main", at: 2 }, new Set(), BEGIN, END).document).slice(1, 5)).toEqual(["IF", "  **REGION", "  **ENDREGION", "  B"]);
  });

  it("goes without what it holds, whichever of its ends is deleted", () => {
    const document = flow(row("A"), BEGIN, BEGIN, row("B"), END, END, row("C"));
    expect(shown(remove(document, "Main", keysOf(document, 1)))).toEqual(["A", "**REGION", "B", "**ENDREGION", "C"]);
    expect(shown(remove(document, "Main", keysOf(document, 4)))).toEqual(["A", "**REGION", "B", "**ENDREGION", "C"]);
  });
});

describe("what is folded", () => {
  it("is copied, moved and deleted with the row that hides it", () => {
    const document = flow(row("A"), BEGIN, row("B"), END, row("C"));
    const region = keysOf(document, 1);
    expect(withHidden(rowsOf(document), region, region)).toEqual(keysOf(document, 1, 2, 3));
    expect(withHidden(rowsOf(document), region, new Set())).toBe(region);
  });

  it("is shown when somebody goes to it", () => {
    const document = flow(row("IF", 0, { opens: true }), { ...BEGIN, depth: 1 }, row("B", 1), row("C", 1), { ...END, depth: 1 }, row("END", 0, { closes: true }));
    const rows = rowsOf(document);
    const folded = keysOf(document, 0, 1);
    expect(seen(rows, folded)).toEqual([0]);
    expect(seen(rows, revealing(rows, folded, 2))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(revealing(rows, folded, 0)).toBe(folded);
  });
});
