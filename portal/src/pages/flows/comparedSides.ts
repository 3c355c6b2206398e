/**
 * Return what a page's address asks to be compared: `1..2`, or words besides numbers of versions; undefined where that is no
 * comparison.
 */
export function comparedSides<Word extends string>(compare: string | undefined, words: readonly Word[]): readonly [number | Word, number | Word] | undefined {
  const [before, after, more] = (compare ?? "").split("..").map((text) => sideOf(text, words));
  return before === undefined || after === undefined || more !== undefined ? undefined : [before, after];
}

function sideOf<Word extends string>(text: string, words: readonly Word[]): number | Word | undefined {
  return words.find((one) => one === text) ?? (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
}
