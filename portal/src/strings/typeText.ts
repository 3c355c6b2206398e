import { t, type TextKey } from "./text";

const TYPES: Readonly<Record<string, TextKey>> = {
  string: "type.text",
  text: "type.text",
  number: "type.number",
  numeric: "type.number",
  decimal: "type.number",
  integer: "type.number",
  bool: "type.boolean",
  boolean: "type.boolean",
  datetime: "type.datetime",
  list: "type.list",
  array: "type.array",
  datatable: "type.datatable",
  customobject: "type.object",
  object: "type.object",
};

/**
 * A data type as people know it. A declaration says `Numeric`, the checker `number`, a schema `array`: one word stands
 * for all of them. What has no word of its own, such as an instance of Excel, stays as it is.
 */
export function typeText(type: string): string {
  const key = TYPES[type.toLowerCase().replaceAll(" ", "")];
  return key === undefined ? type : t(key);
}
