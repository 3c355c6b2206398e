/** Where the keyboard is: the parts of the designer that it goes to. */

const PLACES = {
  workspace: "[data-pane=workspace] :is([role=treegrid], .cm-content)",
  find: "[data-pane=find] input",
} as const;

/** The panes in the order in which F6 goes through them, and what of each takes the keyboard. */
const PANES = {
  toolbar: "button",
  actions: "input",
  workspace: "[role=treegrid], .cm-content",
  side: "[role=tab][aria-selected=true], input, button",
  bottom: "[role=tab][aria-selected=true]",
} as const;

export type Pane = keyof typeof PANES;

/** Whether the focus is in a part of the designer. */
export function isInPane(name: string): boolean {
  return document.activeElement?.closest(`[data-pane=${name}]`) != null;
}

/** Put the focus into a part of the designer, once it is drawn. */
export function focusPane(name: keyof typeof PLACES): void {
  window.setTimeout(() => put(name));
}

/** Put the focus into a part that is drawn, so that what is typed next goes there; again, if a menu that closes takes it back. */
export function focusAtOnce(name: keyof typeof PLACES): void {
  put(name);
  window.setTimeout(() => {
    if (!isInPane(name)) put(name);
  });
}

function put(name: keyof typeof PLACES): void {
  const found = document.querySelector<HTMLElement>(PLACES[name]);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
}

/** Put the focus into a pane; false where it is out of sight. */
export function goToPane(pane: Pane): boolean {
  const found = [...document.querySelectorAll<HTMLElement>(`[data-pane=${pane}]`)].flatMap((one) => [...one.querySelectorAll<HTMLElement>(PANES[pane])]);
  const target = found.find((one) => one.getClientRects().length > 0);
  target?.focus();
  return target !== undefined;
}

/** Whether a pane is on the page, be it out of sight. */
export function isOnPage(pane: Pane): boolean {
  return document.querySelector(`[data-pane=${pane}]`) !== null;
}

/** The other panes in the order in which the keyboard goes through them from where it is. */
export function nextPanes(step: 1 | -1): readonly Pane[] {
  const names = Object.keys(PANES) as Pane[];
  const here = names.findIndex(isInPane);
  const from = here < 0 && step < 0 ? 0 : here;
  return names.map((_, tries) => names[(from + step * (tries + 1) + names.length * 2) % names.length]).filter((one) => one !== undefined);
}
