/** Values as JSON for people to read. */

/** What turns the direction of the text around it, or is not seen at all; JSON escapes only the first 32. */
const UNSEEN = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Return a value as JSON in which nothing hides and nothing turns other text around; still the same value. */
export function readableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? "";
  return text.replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
