import { expect, test } from "vitest";
import { t } from "./text";
import { spoken, visible } from "./visible";

test("what hides or turns letters around is named", () => {
  expect(visible("invoice\u202efdp.exe")).toBe("invoice‹U+202E›fdp.exe");
  expect(visible("a\u0000b\u200bc\u2066d\ufeff")).toBe("a‹U+0000›b‹U+200B›c‹U+2066›d‹U+FEFF›");
});

test("what scripts and pictures need stays", () => {
  for (const text of ["تقرير الفواتير", "می\u200cخواهم", "\u{1f469}\u200d\u{1f4bb}", "two\nlines\tand a tab", "\u200f12"]) expect(visible(text)).toBe(text);
});

test("in attributes what the catalogue isolates stays, and nothing else", () => {
  const label = t("table.menu", { name: "تقرير\u202e" });
  expect(spoken(label)).toBe(label);
  expect(spoken(`${label}\u2068a\u2069`)).toBe(`${label}\u2068a\u2069`);
  expect(spoken("\u2069a\u2068b\u202ec")).toBe("‹U+2069›a‹U+2068›b‹U+202E›c");
});
