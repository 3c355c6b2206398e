import { expect, test } from "vitest";
import { readableJson } from "./json";

test("what hides or turns text around is told, and the value stays the same", () => {
  const value = { name: "invoice\u202efdp.exe", escape: "\u001b[31m", zero: "a\u200bb", arabic: "تقرير" };
  const text = readableJson(value);
  expect(text).toContain("invoice\\u202efdp.exe");
  expect(text).toContain("a\\u200bb");
  expect(text).toContain("تقرير");
  expect(JSON.parse(text)).toEqual(value);
});

test("nothing is shown as nothing", () => {
  expect(readableJson(undefined)).toBe("");
});
