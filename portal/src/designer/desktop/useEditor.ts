/** Keeps a designer's state, has the server read what was changed, and keeps a copy in this browser. */
import { useCallback, useEffect, useReducer, type Dispatch } from "react";
import { portal, type FlowOutline } from "@/api/portal";
import { useLatest } from "@/components/useLatest";
import { opened, reduce, textOf, type EditorAction, type EditorState } from "./editor";
import { forgetDraft, keepDraft } from "./localDraft";

const PAUSE = 200;
const KEPT_AFTER = 500;

export interface Editor {
  readonly state: EditorState;
  readonly dispatch: Dispatch<EditorAction>;
  readonly text: string;
  readonly isDirty: boolean;
  /** Whether the server has said what it thinks of the text as it stands. */
  readonly isChecked: boolean;
}

export function useEditor(flowId: string, version: number, outline: FlowOutline, text: string, saved: string): Editor {
  const [state, dispatch] = useReducer(reduce, undefined, () => opened(outline, text, saved));
  const now = textOf(state);
  const [checked, setChecked] = useReducer((_: string, next: string) => next, text === now ? now : text);
  const latest = useLatest(now);

  const ask = useCallback(async (asked: string, signal: AbortSignal) => {
    try {
      const found = await portal("POST /robin/read", { body: { text: asked }, signal });
      if (latest.current === asked) {
        dispatch({ type: "read", outline: found, text: asked });
        setChecked(asked);
      }
    } catch {
      // The next change asks again; until then the problems are said to be those of before.
    }
  }, [latest]);

  useEffect(() => {
    if (now === checked) return;
    const cancel = new AbortController();
    const timer = window.setTimeout(() => void ask(now, cancel.signal), PAUSE);
    return () => {
      window.clearTimeout(timer);
      cancel.abort();
    };
  }, [now, checked, ask]);

  useEffect(() => {
    const keep = () => (now === state.saved ? forgetDraft(flowId) : keepDraft(flowId, { text: now, version }));
    const timer = window.setTimeout(keep, KEPT_AFTER);
    window.addEventListener("pagehide", keep); // nobody waits before they close a tab
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("pagehide", keep);
    };
  }, [now, state.saved, flowId, version]);

  return { state, dispatch, text: now, isDirty: now !== state.saved, isChecked: now === checked };
}
