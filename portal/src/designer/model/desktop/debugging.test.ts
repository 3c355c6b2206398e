import { describe, expect, it } from "vitest";
import type { OutlineRow } from "@/api/portal";
import { ALWAYS, canBreak, placesOf, rowAt, rulesAt, toggled, withRule } from "./breakpoints";
import { keyed, type Document } from "./document";
import { insert, remove } from "./edits";
import { shapeOf, typed } from "./values";
import { row as flatRow } from "./testRows";

const row = (text: string, number: number, extra: Partial<OutlineRow> = {}): OutlineRow => flatRow(text, 0, { number, ...extra });

const document = (): Document => ({
  header: "",
  repository: "",
  subflows: [
    { name: "Main", opening: "", rows: keyed([row("SET A TO 1", 1), row("SET B TO 2", 2), row("# A note", 3)]) },
    { name: "Other", opening: "FUNCTION Other GLOBAL", rows: keyed([row("SET C TO 3", 1)]) },
  ],
});

describe("breakpoints", () => {
  it("stay with their rows while rows are put before them", () => {
    const before = document();
    const keys = rulesAt(before, [
      { subflow: "Main", row: 2 },
      { subflow: "other", row: 1 },
    ]);
    const after = insert(before, { subflow: "Main", at: 0 }, keyed([row("SET New TO 0", 1)])).document;
    expect(placesOf(after, keys)).toEqual([
      { subflow: "Main", row: 3, ...ALWAYS },
      { subflow: "Other", row: 1, ...ALWAYS },
    ]);
  });

  it("go with their rows", () => {
    const before = document();
    const keys = rulesAt(before, [{ subflow: "Main", row: 2 }]);
    expect(placesOf(remove(before, "Main", new Set(keys.keys())), keys)).toEqual([]);
  });

  it("are only where something happens", () => {
    const note = rowAt(document(), { subflow: "Main", row: 3 });
    expect(note !== undefined && canBreak(note)).toBe(false);
    expect(canBreak({ ...row("END", 1, { closes: true }), key: 1 })).toBe(false);
  });

  it("are forgotten where there is no row", () => {
    expect(rulesAt(document(), [{ subflow: "Main", row: 9 }]).size).toBe(0);
    expect(toggled(toggled(new Map([[1, ALWAYS]]), 2), 1)).toEqual(new Map([[2, ALWAYS]]));
  });

  it("keep their rules, also where these were kept without them before", () => {
    const flow = document();
    const rule = { condition: "A > 1", hits: 2, log: null };
    expect(placesOf(flow, rulesAt(flow, [{ subflow: "Main", row: 2, ...rule }]))).toEqual([{ subflow: "Main", row: 2, ...rule }]);
    expect(withRule(new Map([[1, rule]]), 1, undefined).size).toBe(0);
  });
});

describe("values", () => {
  it("are grids where all items have the same names", () => {
    expect(shapeOf([{ A: 1, B: 2 }, { B: 4, A: 3 }])).toEqual({
      kind: "grid",
      columns: ["A", "B"],
      rows: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(shapeOf([{ A: 1 }, { B: 2 }])).toEqual({ kind: "tree" });
    expect(shapeOf([])).toEqual({ kind: "tree" });
  });

  it("are texts where they are simple", () => {
    expect(shapeOf(true)).toEqual({ kind: "text", text: "True" });
    expect(shapeOf("two\nlines")).toEqual({ kind: "text", text: "two\nlines" });
  });

  it("are typed as a field would take them", () => {
    expect(typed("100 %")).toBe("100 %%");
    expect(typed(12.5)).toBe("12.5");
    expect(typed([1])).toBe("[\n  1\n]");
  });
});
