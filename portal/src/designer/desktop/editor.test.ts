import { describe, expect, it } from "vitest";
import type { FlowOutline, OutlineRow } from "@/api/portal";
import { opened, reduce, textOf } from "./editor";

const row: OutlineRow = { text: "SET A TO 1", fixed: [], depth: 0, number: 1, name: "SET", title: "Set variable", summary: [], produces: ["A"], names: ["A"], opens: false, closes: false, branch: false, disabled: false, handled: false, known: true };
const outline: FlowOutline = { readable: true, header: "", repository: "", findings: [], variables: [], inputs: [], subflows: [{ name: "Main", opening: "", rows: [row] }] };

describe("opening a flow", () => {
  it("takes line ends and blank lines for no change", () => {
    const state = opened(outline, "\r\nSET A TO 1\r\n", "\r\nSET A TO 1\r\n");
    expect(textOf(state)).toBe(state.saved);
    expect(textOf(reduce(state, { type: "edit", change: (before) => ({ ...before, header: "@INPUT B : { }" }) }))).not.toBe(state.saved);
  });

  it("finds that what the browser kept is not saved", () => {
    const state = opened(outline, "SET A TO 1\n", "SET A TO 2\n");
    expect(state.saved).toBe("SET A TO 2\n");
    expect(textOf(state)).toBe("SET A TO 1\n");
  });
});

describe("folding", () => {
  const block = (): FlowOutline => ({
    ...outline,
    subflows: [
      {
        name: "Main",
        opening: "",
        rows: [
          { ...row, text: "IF A = 1 THEN", name: "IF", opens: true },
          { ...row, text: "SET B TO 1", depth: 1, number: 2 },
          { ...row, text: "END", name: "END", closes: true, number: 3 },
          { ...row, number: 4 },
        ],
      },
    ],
  });
  const state = () => opened(block(), "", "");
  const keys = (of: ReturnType<typeof state>) => of.history.present.subflows[0]?.rows.map((one) => one.key) ?? [];

  it("folds and unfolds everything, and keeps the focus on a row that is seen", () => {
    const began = state();
    const [first, second] = keys(began);
    if (first === undefined || second === undefined) throw new Error("no rows");
    const inside = reduce(began, { type: "focus", key: second });
    expect([inside.current, inside.selected.size]).toEqual([second, 0]);
    const folded = reduce(inside, { type: "foldAll" });
    expect([folded.current, [...folded.folded]]).toEqual([first, [first]]);
    expect(reduce(folded, { type: "unfoldAll" }).folded.size).toBe(0);
    const opened = reduce(folded, { type: "open", subflow: "Main", row: 1 });
    expect([opened.current, opened.folded.size]).toEqual([second, 0]);
  });
});
