import { describe, expect, it } from "vitest";
import { clock, duration } from "./duration";
import { count, size } from "./quantity";
import { shellWord } from "./shell";
import { absolute, friendly, preciseTime } from "./time";

describe("durations", () => {
  it("have the unit that fits", () => {
    const found = [0.13, 38, 4_200, 59_960, 723_000, 7_800_000, 273_600_000].map(duration);
    expect(found).toEqual(["0.1 ms", "38 ms", "4.2 s", "1 min 00 s", "12 min 03 s", "2 h 10 min", "3 d 4 h"]);
  });

  it("count up by the second", () => {
    expect([133_400, 3_733_000, -5].map(clock)).toEqual(["02:13", "1:02:13", "00:00"]);
  });
});

describe("times", () => {
  const now = new Date("2026-03-01T12:00:00Z");

  it("are relative within a day", () => {
    const found = ["2026-03-01T11:59:59.500Z", "2026-03-01T11:59:20Z", "2026-03-01T11:00:01Z", "2026-03-01T15:00:00Z"];
    expect(found.map((one) => friendly(new Date(one), now, "utc"))).toEqual([
      "now",
      "40 seconds ago",
      "59 minutes ago",
      "in 3 hours",
    ]);
  });

  it("are absolute beyond it", () => {
    expect(friendly(new Date("2026-02-28T12:00:00Z"), now, "utc")).toBe("28 Feb 2026, 12:00:00 UTC");
    expect(absolute(now, "utc")).toBe("1 Mar 2026, 12:00:00 UTC");
  });

  it("have milliseconds in logs", () => {
    expect(preciseTime(new Date("2026-03-01T12:00:00.007Z"), "utc")).toBe("12:00:00.007");
  });
});

describe("quantities", () => {
  it("are exact as long as they are short", () => {
    expect([9_999, 12_400, 999_999, 2_500_000].map(count)).toEqual(["9,999", "12.4 k", "1.0 M", "2.5 M"]);
    expect([512, 5_347_738, 17_179_869_184].map(size)).toEqual(["512 B", "5.1 MiB", "16 GiB"]);
  });
});

describe("words of a shell", () => {
  it("are quoted where they hold anything that it would read", () => {
    expect(["Hello", "two words", "it's; rm -rf ~", "$(date)", "Übersicht", ""].map(shellWord)).toEqual([
      "Hello",
      "'two words'",
      `'it'"'"'s; rm -rf ~'`,
      "'$(date)'",
      "'Übersicht'",
      "''",
    ]);
  });
});
