/**
 * The variant of an action in words, as it stands behind the action's title: `ReadCSVWithCustomSeparator` is
 * `read CSV with custom separator`.
 */
export function variantWords(variant: string): string {
  const words = variant.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  return words.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(" ");
}
