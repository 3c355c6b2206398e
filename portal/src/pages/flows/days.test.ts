import { describe, expect, it } from "vitest";
import { lastDays } from "./days";

describe("the last days", () => {
  it("are 28, up to today, with the empty ones", () => {
    const found = lastDays([{ day: "2026-02-28", succeeded: 3, failed: 1, other: 0 }], new Date("2026-03-01T00:30:00Z"));
    expect([found.length, found[0]?.day, found.slice(-2)]).toEqual([
      28,
      "2026-02-02",
      [
        { day: "2026-02-28", succeeded: 3, failed: 1, other: 0 },
        { day: "2026-03-01", succeeded: 0, failed: 0, other: 0 },
      ],
    ]);
  });
});
