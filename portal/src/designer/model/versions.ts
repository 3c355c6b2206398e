/** What is compared of a flow: two of its versions, or one and what is on the page. */

export const PAGE = "page";
export type Choice = number | typeof PAGE;

/** Two of some things: a third one takes the place of the one that was chosen first. */
export function chooseTwo<Thing>(chosen: readonly Thing[], thing: Thing): readonly Thing[] {
  if (chosen.includes(thing)) return chosen.filter((one) => one !== thing);
  return [...chosen, thing].slice(-2);
}

/** The older one first; what is on the page is the newest. */
export function inOrder(chosen: readonly Choice[]): readonly [Choice, Choice] | undefined {
  const [first, second] = [...chosen].sort((one, other) => (one === PAGE ? 1 : other === PAGE ? -1 : one - other));
  return first === undefined || second === undefined ? undefined : [first, second];
}
