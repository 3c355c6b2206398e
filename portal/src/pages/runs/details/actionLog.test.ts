import { describe, expect, it } from "vitest";
import type { ActionRow, LoopRounds } from "@/api/portal";
import { begin, goesOn, newerThan, opensByItself, partOf, withNewer, withOlder, type LogPage } from "./actionLog";

function page(indexes: readonly number[], first: number | null): LogPage<ActionRow> {
  return { items: indexes.map((index) => ({ index }) as ActionRow), first };
}
const indexes = (rows: readonly ActionRow[]) => rows.map((row) => row.index);

describe("an action log", () => {
  it("is read from its end backwards", () => {
    const range = withOlder(begin(page([7, 8, 9], 6), "end"), page([4, 5, 6], null));
    expect([indexes(range.rows), range.hasOlder, range.hasNewer]).toEqual([[4, 5, 6, 7, 8, 9], false, false]);
  });

  it("is read from its start, and says that there is more", () => {
    const range = begin(page([0, 1], 2), "start");
    expect([range.hasOlder, range.hasNewer]).toEqual([false, true]);
  });

  it("grows while a run goes on, without a row twice", () => {
    const range = withNewer(begin(page([0, 1], null), "start"), page([1, 2, 3], null));
    expect([indexes(range.rows), range.hasNewer]).toEqual([[0, 1, 2, 3], false]);
  });
});

describe("a loop that goes on", () => {
  const loop = (index: number, ended: boolean) => ({ index, loop: { ended } }) as ActionRow;

  it("is read again until it has ended", () => {
    const before = begin({ items: [{ index: 0 } as ActionRow, loop(1, false)], first: null }, "end");
    expect(newerThan(before, goesOn)).toBe(0);
    const after = withNewer(before, { items: [loop(1, true), { index: 8 } as ActionRow], first: null });
    expect([indexes(after.rows), after.rows[1]?.loop?.ended, newerThan(after, goesOn)]).toEqual([[0, 1, 8], true, 8]);
  });
});

describe("the rounds of a loop", () => {
  it("are read again from the last one, which may have got more rows", () => {
    const isLast = (_: object, last: boolean) => last;
    const before = begin({ items: [{ index: 1, rows: 3 }, { index: 4, rows: 1 }], first: null }, "end");
    expect([newerThan(before, isLast), newerThan({ ...before, rows: [] }, isLast)]).toEqual([3, -1]);
    const after = withNewer(before, { items: [{ index: 4, rows: 3 }, { index: 7, rows: 1 }], first: null });
    expect(after.rows).toEqual([{ index: 1, rows: 3 }, { index: 4, rows: 3 }, { index: 7, rows: 1 }]);
  });

  it("show themselves while the loop goes on, and where an error left it", () => {
    const loops = [{ ended: false, isLeft: false }, { ended: true, isLeft: true }, { ended: true, isLeft: false }] as LoopRounds[];
    expect(loops.map(opensByItself)).toEqual([true, true, false]);
  });
});

describe("the part of a log that filters leave", () => {
  it("is the log with its loops closed, until something is chosen", () => {
    expect(partOf({ problems: [], subflow: [] })).toEqual({ closed: true });
    expect(partOf({ problems: [] }, " copy ")).toEqual({ search: "copy" });
    expect(partOf({ problems: ["yes"], subflow: ["Main", "Copy"] })).toEqual({ problems: true, subflow: ["Main", "Copy"] });
  });
});
