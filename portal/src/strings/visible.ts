/** Texts of people as they are shown: nothing in them hides, and nothing turns the letters around it. */

/** Controls, what turns the direction of what follows, and what takes no room. Joiners and marks that scripts need stay. */
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** A text in which each hidden letter is named: ‹U+202E›. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (one) => `‹U+${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}
