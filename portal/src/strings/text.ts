import { en } from "./en";
import { format, type Values } from "./message";

export type TextKey = keyof typeof en;

/** Return a text of the catalogue. */
export function t(key: TextKey, values?: Values): string {
  return format(en[key], values);
}
