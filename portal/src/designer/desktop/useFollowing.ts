/** Goes where a run is: to the row at which it paused, and along with it where it is slowed down. */
import { useEffect, type Dispatch } from "react";
import type { EditorAction } from "./editor";
import { focusPane, isInPane } from "./focus";
import type { Debugging } from "./useDebugging";

export function useFollowing({ isOpen, isPaused, delay, state }: Debugging, dispatch: Dispatch<EditorAction>): void {
  const place = isOpen && (isPaused || delay > 0) ? state?.place : undefined;
  const { subflow, row } = place ?? {};
  useEffect(() => {
    if (subflow === undefined || row === undefined) return;
    const hadFocus = isInPane("workspace");
    dispatch({ type: "open", subflow, row: row - 1 });
    if (hadFocus) focusPane("workspace");
  }, [subflow, row, isPaused, dispatch]);
}
