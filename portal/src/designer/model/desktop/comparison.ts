/** What differs between two texts of a flow, as it is shown: rows that stayed are folded. */
import type { ComparedRow, ComparedSubflow, Comparison } from "@/api/portal";

export type Piece = { readonly kind: "row"; readonly row: ComparedRow } | { readonly kind: "same"; readonly rows: readonly ComparedRow[] };

/** Rows that stay on each side of one that differs. */
const AROUND = 2;

/** Rows that differ with a few around them; the others as runs that can be unfolded. */
export function folded(rows: readonly ComparedRow[]): readonly Piece[] {
  const near = new Set<number>();
  rows.forEach((row, at) => {
    if (row.difference === "same") return;
    for (let place = at - AROUND; place <= at + AROUND; place++) near.add(place);
  });
  const pieces: Piece[] = [];
  let run: ComparedRow[] = [];
  const close = () => {
    // A fold of one row takes as much room as the row.
    pieces.push(...(run.length === 1 ? run.map((row): Piece => ({ kind: "row", row })) : run.length === 0 ? [] : [{ kind: "same", rows: run } as const]));
    run = [];
  };
  rows.forEach((row, at) => {
    if (!near.has(at)) {
      run.push(row);
      return;
    }
    close();
    pieces.push({ kind: "row", row });
  });
  close();
  return pieces;
}

/** The subflows in which something differs. */
export function differing(comparison: Comparison): readonly ComparedSubflow[] {
  return comparison.subflows.filter((one) => one.difference !== "same");
}

export function isSame(comparison: Comparison): boolean {
  return comparison.readable && differing(comparison).length === 0 && comparison.header.length === 0 && comparison.elements.length === 0;
}
