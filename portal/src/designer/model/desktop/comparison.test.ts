import { describe, expect, it } from "vitest";
import type { ComparedRow, Comparison, Difference } from "@/api/portal";
import { differing, folded, isSame } from "./comparison";
import { chooseTwo } from "../versions";

function row(difference: Difference, after: number): ComparedRow {
  return { difference, before: after, after, depth: 0, name: "SET", title: "Set variable", summary: [], former: [], other: "", text: "", formerText: "" };
}

const shapes = (differences: readonly Difference[]) =>
  folded(differences.map((one, at) => row(one, at + 1))).map((piece) => (piece.kind === "row" ? piece.row.after : `${piece.rows.length} same`));

describe("folding", () => {
  it("keeps two rows around each that differs", () => {
    expect(shapes(["same", "same", "same", "same", "same", "changed", "same", "same", "same", "same", "same"])).toEqual(["3 same", 4, 5, 6, 7, 8, "3 same"]);
  });

  it("shows a single row between others, and all where none differs", () => {
    expect(shapes(["added", "same", "same", "same", "same", "same", "removed"])).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(shapes(["same", "same", "same"])).toEqual(["3 same"]);
    expect(shapes([])).toEqual([]);
  });
});

describe("a comparison", () => {
  const nothing: Comparison = { readable: true, header: [], elements: [], counts: {}, subflows: [{ name: "Main", difference: "same", rows: [row("same", 1)] }] };

  it("is of two equal texts where nothing differs", () => {
    expect(isSame(nothing)).toBe(true);
    expect(isSame({ ...nothing, readable: false })).toBe(false);
    expect(isSame({ ...nothing, elements: [{ difference: "added", name: "imgrepo['A']" }] })).toBe(false);
  });

  it("names the subflows that differ", () => {
    const changed = { name: "Other", difference: "removed", rows: [row("removed", 1)] } as const;
    expect(differing({ ...nothing, subflows: [...nothing.subflows, { ...changed, rows: [...changed.rows] }] }).map((one) => one.name)).toEqual(["Other"]);
  });
});

describe("choosing two", () => {
  it("lets the one go that was chosen first", () => {
    expect(chooseTwo([], 1)).toEqual([1]);
    expect(chooseTwo([1, 2], 3)).toEqual([2, 3]);
    expect(chooseTwo([1, 2], 1)).toEqual([2]);
  });
});
