import { describe, expect, it } from "vitest";
import { allRows, csv, json } from "./exporting";
import { locally } from "./local";
import { fitting, isFiltered, nextSort, type Column, type Source, type View } from "./model";

interface Row {
  readonly name: string;
  readonly size: number | null;
}

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Name", render: (row) => row.name, text: (row) => row.name, width: 100 },
  { id: "size", header: "Size", render: (row) => row.size, text: (row) => row.size, width: 80 },
];
const rows: readonly Row[] = [
  { name: "beta", size: 2 },
  { name: "Alpha 10", size: null },
  { name: "alpha 9", size: 7 },
];
const plain: View = { search: "", sort: "name", filters: {} };
const rules = {
  texts: (row: Row) => [row.name],
  values: (row: Row, sort: string) => (sort === "size" ? row.size : row.name),
  passes: (row: Row, _: string, values: readonly string[]) => values.includes(row.size === null ? "none" : "some"),
};
const names = (view: View) => locally(rows, view, rules).items.map((row) => row.name);

describe("a whole list", () => {
  it("is sorted as people sort names", () => {
    expect(names(plain)).toEqual(["alpha 9", "Alpha 10", "beta"]);
  });

  it("has rows without a value last, whichever way it is sorted", () => {
    expect(names({ ...plain, sort: "size" })).toEqual(["beta", "alpha 9", "Alpha 10"]);
    expect(names({ ...plain, sort: "-size" })).toEqual(["alpha 9", "beta", "Alpha 10"]);
  });

  it("is searched and filtered", () => {
    expect(names({ ...plain, search: " ALPHA " })).toEqual(["alpha 9", "Alpha 10"]);
    expect(names({ ...plain, filters: { size: ["none"] } })).toEqual(["Alpha 10"]);
  });
});

describe("exports", () => {
  it("quote what CSV needs quoted, and disarm formulas", () => {
    const odd = [{ name: '=cmd|"x"', size: -1 }];
    expect(csv(columns, odd)).toBe("Name,Size\r\n\"'=cmd|\"\"x\"\"\",-1\r\n");
  });

  it("are JSON by column", () => {
    expect(JSON.parse(json(columns, rows.slice(0, 1)))).toEqual([{ name: "beta", size: 2 }]);
  });

  it("read every page, and stop at the bound", async () => {
    const asked: (string | null)[] = [];
    const source: Source<Row> = {
      key: [],
      topics: [],
      searches: false,
      load: (_, after) => {
        asked.push(after);
        return Promise.resolve({ items: rows, next: after === null ? "more" : null });
      },
    };
    const found = await allRows(source, plain, () => undefined, new AbortController().signal);
    expect([found.length, asked]).toEqual([6, [null, "more"]]);
  });
});

describe("a view", () => {
  it("knows whether anything narrows it", () => {
    expect([plain, { ...plain, search: "a" }, { ...plain, filters: { status: [] } }].map(isFiltered)).toEqual([false, true, false]);
  });

  it("turns the order round", () => {
    expect([nextSort("name", "size"), nextSort("size", "size"), nextSort("-size", "size")]).toEqual(["size", "-size", "size"]);
  });

  it("drops the last columns where there is no room, and never the first", () => {
    expect([300, 179, 20].map((room) => fitting(columns, room).length)).toEqual([2, 1, 1]);
  });
});
