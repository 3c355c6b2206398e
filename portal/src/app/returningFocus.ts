/** Gives the focus back when a dialog goes: to what had it before and is still there. */

const KEPT = 20;
const DIALOG = "[role=dialog], [role=alertdialog]";
/** How the library marks what it gives the focus back to by itself: buttons that open a menu, however long ago. */
const RESTORED = '"restorer":{"type":1}';

export function watchFocus(): () => void {
  let places: readonly HTMLElement[] = [];
  let isInDialog = false;
  const keep = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    isInDialog = target.closest(DIALOG) !== null;
    places = [target, ...places.filter((one) => one !== target && one.isConnected)].slice(0, KEPT);
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
  // Dialogs stand in nodes of their own below the body.
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ removedNodes }) => removedNodes.length > 0)) giveBack();
  });
  document.addEventListener("focusin", keep);
  observer.observe(document.body, { childList: true });
  return () => {
    document.removeEventListener("focusin", keep);
    observer.disconnect();
  };
}
