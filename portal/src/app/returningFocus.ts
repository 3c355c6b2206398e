/**
 * Keeps the focus where a person works. When a dialog goes, what had the focus before gets it back; when what had it goes from a
 * dialog or a part of a page that stays, or is disabled there, what comes in its place gets it. It would fall to the page
 * otherwise, and a dialog without the focus is hidden from screen readers.
 */

const KEPT = 20;
const DIALOG = "[role=dialog], [role=alertdialog]";
/** What the focus stays in, when what had it goes. */
const HOLDER = `${DIALOG}, section, [role=grid]`;
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex]";
/** How the library marks what it gives the focus back to by itself: buttons that open a menu, however long ago. */
const RESTORED = '"restorer":{"type":1}';

/** Where the focus is. */
interface Place {
  readonly element: HTMLElement;
  /** What it is in, the innermost first, each with what could have the focus there and stands before the element. */
  readonly within: readonly (readonly [HTMLElement, readonly HTMLElement[]])[];
}

export function watchFocus(): () => void {
  let places: readonly HTMLElement[] = [];
  let isInDialog = false;
  let place: Place | undefined;
  const keep = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    isInDialog = target.closest(DIALOG) !== null;
    places = [target, ...places.filter((one) => one !== target && one.isConnected)].slice(0, KEPT);
    place = placeOf(target);
  };
  const giveBack = () => {
    if (!isInDialog || places[0]?.isConnected === true) return;
    const before = places.find((one) => one.isConnected && one.getClientRects().length > 0);
    // Whoever closes a dialog may move the focus on; only where nobody did is it given back.
    setTimeout(() => {
      const now = document.activeElement;
      const isLeft = now === null || now === document.body || now.getAttribute("data-tabster")?.includes(RESTORED) === true;
      if (isLeft) before?.focus();
    });
  };
  const hold = () => {
    const now = document.activeElement;
    if (now !== null && now !== document.body && !isDisabled(now)) return;
    // At once: the library would give it to what opened the dialog.
    if (place !== undefined && isGone(place.element)) successorOf(place)?.focus();
  };
  // Dialogs stand in nodes of their own below the body.
  const dialogs = new MutationObserver((changes) => {
    if (changes.some(({ removedNodes }) => removedNodes.length > 0)) giveBack();
  });
  const parts = new MutationObserver(hold);
  document.addEventListener("focusin", keep);
  parts.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  dialogs.observe(document.body, { childList: true });
  return () => {
    document.removeEventListener("focusin", keep);
    parts.disconnect();
    dialogs.disconnect();
  };
}

function placeOf(element: HTMLElement): Place {
  const within: [HTMLElement, HTMLElement[]][] = [];
  for (let holder = element.parentElement?.closest<HTMLElement>(HOLDER); holder != null; holder = holder.parentElement?.closest<HTMLElement>(HOLDER)) {
    const all = [...holder.querySelectorAll<HTMLElement>(FOCUSABLE)];
    within.push([holder, all.filter((one) => (one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)]);
  }
  return { element, within };
}

/** Return what stands where an element stood: after what came before it, in the innermost part that is still there. */
function successorOf({ within }: Place): HTMLElement | undefined {
  for (const [holder, before] of within) {
    if (!holder.isConnected) continue;
    const now = focusableIn(holder);
    const last = before.findLast((one) => now.includes(one));
    const found = now[last === undefined ? 0 : now.indexOf(last) + 1] ?? last;
    if (found !== undefined) return found;
  }
  return undefined;
}

function focusableIn(holder: HTMLElement): HTMLElement[] {
  return [...holder.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && !isDisabled(one) && one.getClientRects().length > 0);
}

const isDisabled = (element: Element) => element.matches(":disabled");
const isGone = (element: HTMLElement) => !element.isConnected || isDisabled(element);
