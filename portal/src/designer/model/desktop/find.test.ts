import { describe, expect, it } from "vitest";
import type { FlowVariable, OutlineRow } from "@/api/portal";
import { keyed, type Document } from "./document";
import { rewriteAll } from "./edits";
import { findRows, nextFound, patternOf, piecesOf, usages, variablesIn, type Wanted } from "./find";
import { clash } from "./parameters";

const row = (text: string, number: number, title = "", names: string[] = []): OutlineRow => ({
  text,
  fixed: [],
  depth: 0,
  number,
  name: text.split(" ")[0] ?? "",
  title,
  summary: [],
  produces: [],
  names,
  opens: false,
  closes: false,
  branch: false,
  disabled: false,
  handled: false,
  known: true,
});

const document = (): Document => ({
  header: "",
  repository: "",
  subflows: [
    { name: "Main", opening: "", rows: keyed([row("SET Total TO 1", 1, "Set variable", ["Total"]), row("WAIT 1", 2, "Wait"), row("SET B TO $'''total of (x)'''", 3, "Set variable", ["B"])]) },
    { name: "Add", opening: "FUNCTION Add GLOBAL", rows: keyed([row("SET Subtotal TO TOTAL", 1, "Set variable", ["Subtotal", "TOTAL"])]) },
  ],
});

const variable = (name: string, role: FlowVariable["role"] = "flow"): FlowVariable => ({ name, role, type: "", externalName: "", description: "", sensitive: false, uses: 1 });
const wanted = (text: string, how: Partial<Wanted> = {}): Wanted => ({ text, matchCase: false, wholeName: false, ...how });
const places = (found: readonly { readonly subflow: string; readonly at: number }[]) => found.map(({ subflow, at }) => `${subflow} ${at + 1}`);

describe("finding", () => {
  it("finds what is looked for in titles and texts, letter by letter", () => {
    expect(places(findRows(document(), wanted("total")))).toEqual(["Main 1", "Main 3", "Add 1"]);
    expect(places(findRows(document(), wanted("Set Variable")))).toEqual(["Main 1", "Main 3", "Add 1"]);
    expect(places(findRows(document(), wanted("(x)")))).toEqual(["Main 3"]);
    expect(findRows(document(), wanted(""))).toEqual([]);
  });

  it("tells capitals and parts of names apart where that is wished", () => {
    expect(places(findRows(document(), wanted("TOTAL", { matchCase: true })))).toEqual(["Add 1"]);
    expect(places(findRows(document(), wanted("total", { wholeName: true })))).toEqual(["Main 1", "Main 3", "Add 1"]);
    expect(places(findRows(document(), wanted("ubtotal", { wholeName: true })))).toEqual([]);
  });

  it("finds where a variable is used, and not where a text only looks like it", () => {
    expect(places(usages(document(), "total"))).toEqual(["Main 1", "Add 1"]);
    const one = document().subflows[1]?.rows[0];
    expect(one && variablesIn(one, [variable("Total"), variable("Subtotal")]).map(({ name }) => name)).toEqual(["Subtotal", "Total"]);
  });

  it("goes on from where somebody is, and begins anew at the ends", () => {
    const flow = document();
    const found = findRows(flow, wanted("total"));
    expect(nextFound(flow, found, { subflow: "Main", at: 1 }, 1)).toBe(found[1]);
    expect(nextFound(flow, found, { subflow: "Add", at: 0 }, 1)).toBe(found[0]);
    expect(nextFound(flow, found, { subflow: "Main", at: 0 }, -1)).toBe(found[2]);
    expect(nextFound(flow, found, { subflow: "Main", at: 2 }, 1)).toBe(found[2]);
  });

  it("marks what was found", () => {
    expect(piecesOf("a total of Totals", patternOf(wanted("total")))).toEqual([
      { text: "a ", found: false },
      { text: "total", found: true },
      { text: " of ", found: false },
      { text: "Total", found: true },
      { text: "s", found: false },
    ]);
  });
});

describe("replacing", () => {
  it("gives rows of all subflows other lines, unless they have changed since", () => {
    const flow = document();
    const [first, , third] = flow.subflows[0]?.rows ?? [];
    const other = flow.subflows[1]?.rows[0];
    if (first === undefined || third === undefined || other === undefined) throw new Error("no rows");
    const next = rewriteAll(
      flow,
      new Map([
        [first.key, { before: first.text, row: row("SET Sum TO 1", 1) }],
        [third.key, { before: "SET B TO 5", row: row("SET C TO 5", 1) }],
        [other.key, { before: other.text, row: row("SET Subtotal TO Sum", 1) }],
      ]),
    );
    expect(next.subflows.map((one) => one.rows.map(({ text, key }) => [text, key]))).toEqual([
      [["SET Sum TO 1", first.key], ["WAIT 1", flow.subflows[0]?.rows[1]?.key], [third.text, third.key]],
      [["SET Subtotal TO Sum", other.key]],
    ]);
    expect(rewriteAll(flow, new Map())).toBe(flow);
  });
});

describe("renaming", () => {
  const all = [variable("In", "input"), variable("Out", "output"), variable("A"), variable("B")];

  it("makes one of two variables only where that is said", () => {
    expect(clash(all, variable("A"), "New")).toEqual({ merged: undefined, isRefused: false });
    expect(clash(all, variable("A"), "a")).toEqual({ merged: undefined, isRefused: false });
    expect(clash(all, variable("A"), "b")).toEqual({ merged: all[3], isRefused: false });
    expect(clash(all, variable("A"), "in")).toEqual({ merged: all[0], isRefused: false });
  });

  it("refuses to make one of two inputs or outputs", () => {
    expect(clash(all, variable("In", "input"), "Out")).toEqual({ merged: all[1], isRefused: true });
  });
});
