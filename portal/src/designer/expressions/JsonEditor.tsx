import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap } from "@codemirror/language";
import { linter, lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useLatest } from "@/components/useLatest";
import { spoken } from "@/strings/visible";
import { editorTheme } from "./editorTheme";

interface JsonEditorProps {
  readonly label: string;
  readonly value: string;
  readonly readOnly?: boolean;
  readonly height?: string;
  readonly onChange: (text: string) => void;
}

/** JSON as text. What is typed counts as soon as it is JSON; until then the value stays. */
export function JsonEditor({ label, value, readOnly = false, height = "100%", onChange }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useLatest(onChange);
  const begun = useRef({ label, value, readOnly, height });
  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: begun.current.value,
        extensions: [
          lineNumbers(),
          foldGutter(),
          history(),
          bracketMatching(),
          highlightSelectionMatches(),
          json(),
          linter(jsonParseLinter()),
          lintGutter(),
          keymap.of([...historyKeymap, ...foldKeymap, ...searchKeymap, ...defaultKeymap]),
          EditorState.readOnly.of(begun.current.readOnly),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": spoken(begun.current.label) }),
          EditorView.theme({ "&": { height: begun.current.height }, ".cm-scroller": { overflow: "auto" } }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && view.current !== undefined && !update.transactions.some((one) => one.isUserEvent("outside"))) {
              latest.current(update.state.doc.toString());
            }
          }),
          editorTheme(),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = undefined;
      made.destroy();
    };
  }, [latest]);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.hasFocus || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, userEvent: "outside" });
  }, [value]);
  return <div ref={place} style={{ height: "100%", minHeight: 0 }} />;
}
