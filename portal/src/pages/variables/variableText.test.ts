import { expect, test } from "vitest";
import type { VariableRow, VariableType } from "@/api/portal";
import { shownValue, typeName } from "./variableText";

function variable(type: VariableType): VariableRow {
  return {
    id: "1",
    schemaName: "new_A",
    displayName: "A",
    description: null,
    type,
    default: null,
    value: null,
    modifiedOn: "2026-01-01T00:00:00Z",
    canWrite: true,
    canDelete: true,
  };
}

test.each([
  ["text", "a", "a"],
  ["text", null, ""],
  ["boolean", "yes", "Yes"],
  ["boolean", "FALSE", "No"],
  ["boolean", "perhaps", "perhaps"],
  ["secret", "********", "•••••"],
] as const)("a value of the type %s, %s, is shown as %s", (type, value, shown) => {
  expect(shownValue(variable(type), value)).toBe(shown);
});

test("types are named as people know them", () => {
  expect((["text", "number", "boolean", "json", "dataSource", "secret"] as const).map(typeName)).toEqual(["Text", "Number", "Yes/No", "JSON", "Data source", "Secret"]);
});
