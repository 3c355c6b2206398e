import { describe, expect, it } from "vitest";
import type { ActionPage, ActionRow } from "@/api/portal";
import { begin, newerThan, partOf, withNewer, withOlder } from "./actionLog";

function page(indexes: readonly number[], first: number | null): ActionPage {
  return { items: indexes.map((index) => ({ index }) as ActionRow), first, last: 9, found: null };
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
  const goesOn = (index: number, ended: boolean) => ({ index, loop: { ended } }) as ActionRow;

  it("is read again until it has ended", () => {
    const before = begin({ items: [{ index: 0 } as ActionRow, goesOn(1, false)], first: null, last: 9, found: null }, "end");
    expect(newerThan(before)).toBe(0);
    const after = withNewer(before, { items: [goesOn(1, true), { index: 8 } as ActionRow], first: null, last: 9, found: null });
    expect([indexes(after.rows), after.rows[1]?.loop?.ended, newerThan(after)]).toEqual([[0, 1, 8], true, 8]);
  });
});

describe("the part of a log that filters leave", () => {
  it("is the log with its loops closed, until something is chosen", () => {
    expect(partOf({ problems: [], subflow: [] })).toEqual({ closed: true });
    expect(partOf({ problems: [] }, " copy ")).toEqual({ search: "copy" });
    expect(partOf({ problems: ["yes"], subflow: ["Main", "Copy"] })).toEqual({ problems: true, subflow: ["Main", "Copy"] });
  });
});
