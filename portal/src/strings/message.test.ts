import { describe, expect, it } from "vitest";
import { format } from "./message";

describe("messages", () => {
  it("fill in names and numbers", () => {
    expect(format("{name} has {size} rows", { name: "Ada", size: 12345 })).toBe("Ada has 12,345 rows");
  });

  it("choose the plural form, and exact numbers before it", () => {
    const message = "Delete {count, plural, =0 {nothing} one {# flow of {who}} other {# flows of {who}}}";
    expect([0, 1, 1200].map((count) => format(message, { count, who: "Ada" }))).toEqual([
      "Delete nothing",
      "Delete 1 flow of Ada",
      "Delete 1,200 flows of Ada",
    ]);
  });

  it("leave what values hold as it is", () => {
    expect(format("‘{name}’", { name: "{count, plural, other {#}} <b>" })).toBe("‘{count, plural, other {#}} <b>’");
  });

  it("let no value turn round what follows it, and name what hides", () => {
    expect(format("{name} failed", { name: "تقرير" })).toBe("\u2068تقرير\u2069 failed");
    expect(format("{name} failed", { name: "\u202efdp" })).toBe("‹U+202E›fdp failed");
  });

  it("fail without a value, so that no hole is shown", () => {
    expect(() => format("{name}")).toThrow("the message has no value for {name}");
  });
});
