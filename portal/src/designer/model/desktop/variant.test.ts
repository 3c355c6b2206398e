import { expect, test } from "vitest";
import { variantWords } from "./variant";

test.each([
  ["ReadText", "read text"],
  ["ReadCSVWithCustomSeparator", "read CSV with custom separator"],
  ["DataTableToCSV", "data table to CSV"],
  ["GetUIElement2", "get UI element 2"],
])("%s is %s", (variant, words) => {
  expect(variantWords(variant)).toBe(words);
});
