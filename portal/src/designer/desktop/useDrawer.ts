/** Panes that the window has no room for: each is drawn over the others when somebody goes to it. */
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { focusPane, goToPane, isOnPage, nextPanes, type Pane } from "./focus";

export type Drawable = "actions" | "side";

export interface Drawer {
  /** The pane that was asked for; where there is room for it, it stands where it always does. */
  readonly pane: Drawable | undefined;
  readonly toggle: (pane: Drawable) => void;
  /** Put it away, and go back to where the keyboard was. */
  readonly close: () => void;
  /** Put it away, since the keyboard is elsewhere already. */
  readonly leave: () => void;
  /** Go to a pane; false where it is not on the page. */
  readonly reach: (pane: Pane) => boolean;
  /** Go to the next pane that is on the page, or to the previous one. */
  readonly reachNext: (step: 1 | -1) => void;
}

export function useDrawer(): Drawer {
  const [pane, setPane] = useState<Drawable>();
  const before = useRef<Element>(null);
  const leave = () => setPane(undefined);
  const close = () => {
    leave();
    if (before.current instanceof HTMLElement && before.current.getClientRects().length > 0) before.current.focus();
    else focusPane("workspace");
  };
  const draw = (wanted: Drawable) => {
    if (pane === undefined) before.current = document.activeElement === document.body ? null : document.activeElement;
    // At once, so that what is typed next goes there.
    flushSync(() => setPane(wanted));
    return goToPane(wanted);
  };
  const reach = (wanted: Pane) => {
    if (goToPane(wanted)) {
      if (wanted !== pane) leave();
      return true;
    }
    return isDrawable(wanted) && isOnPage(wanted) && draw(wanted);
  };
  return {
    pane,
    toggle: (wanted) => (wanted === pane ? close() : void draw(wanted)),
    close,
    leave,
    reach,
    reachNext: (step) => void nextPanes(step).some(reach),
  };
}

function isDrawable(pane: Pane): pane is Drawable {
  return pane === "actions" || pane === "side";
}
