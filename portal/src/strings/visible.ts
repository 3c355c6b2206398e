/** Texts of people as they are shown: nothing in them hides, and nothing turns the letters around it. */

/** Controls, what turns the direction of what follows, and what takes no room. Joiners and marks that scripts need stay. */
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** What isolates the direction of a text within another, as `t` writes it, and ends that. */
const ISOLATE = "\u2068";
const END = "\u2069";

/** A text in which each hidden letter is named: ‹U+202E›. */
export function visible(text: string): string {
  return text.replace(HIDDEN, named);
}

/** A text for an attribute that is shown or spoken: as `visible`, but what `t` isolated stays so. */
export function spoken(text: string): string {
  const isolates = pairs(text);
  return text.replace(HIDDEN, (one, at: number) => (isolates.has(at) ? one : named(one)));
}

function named(letter: string): string {
  return `‹U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`;
}

/** Where isolates begin and end that are whole: these turn nothing around them. */
function pairs(text: string): ReadonlySet<number> {
  const open: number[] = [];
  const found = new Set<number>();
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ISOLATE) open.push(at);
    const began = text[at] === END ? open.pop() : undefined;
    if (began !== undefined) found.add(began).add(at);
  }
  return found;
}
