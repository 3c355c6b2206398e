import { describe, expect, it } from "vitest";
import { comparedSides } from "./comparedSides";

describe("what an address asks to be compared", () => {
  it("is two versions, or what has a name", () => {
    expect(comparedSides("1..12", [])).toEqual([1, 12]);
    expect(comparedSides("3..draft", ["draft", "published"])).toEqual([3, "draft"]);
  });

  it("is nothing where it is something else", () => {
    for (const one of [undefined, "", "1", "1..", "..2", "1..2..3", "a..b", "1..9999999999"]) expect(comparedSides(one, [])).toBeUndefined();
    expect(comparedSides("1..draft", [])).toBeUndefined();
  });
});
