import { expect, test } from "vitest";
import { typeText } from "./typeText";

test.each([
  ["String", "Text"],
  ["text", "Text"],
  ["Numeric", "Number"],
  ["number", "Number"],
  ["DateTime", "Datetime"],
  ["Datatable", "Data table"],
  ["CustomObject", "Custom object"],
  ["custom object", "Custom object"],
  ["array", "List or data table"],
])("%s is called %s", (type, word) => {
  expect(typeText(type)).toBe(word);
});

test("a type without a word of its own stays as it is", () => {
  expect(typeText("Excel instance")).toBe("Excel instance");
  expect(typeText("")).toBe("");
});
