import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf } from "@codemirror/view";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { useLatest } from "@/components/useLatest";
import type { Segment } from "@/designer/model/cloud/segments";
import { withExpression } from "@/designer/model/cloud/tokens";
import { chipping, describedBy, describing, type Described } from "./chips";
import { withNonce } from "./editorTheme";

export interface TokenEditing {
  readonly focus: () => void;
  /** Put an expression where the caret is. */
  readonly insert: (expression: string) => void;
  /** Put a text in the place of all that is there. */
  readonly replace: (text: string) => void;
}

interface TokenEditorProps {
  readonly ref?: Ref<TokenEditing>;
  /** What ties it to its label, its hint and its error. */
  readonly field: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly isCode: boolean;
  readonly readOnly: boolean;
  readonly placeholder: string;
  readonly describe: Described;
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
  /** Somebody typed `/` where a text begins. */
  readonly onAsk: () => void;
  /** Somebody wants to change an expression. */
  readonly onOpen: (segment: Segment) => void;
}

/** A text with expressions in it, which stand there as chips. */
export function TokenEditor({ ref, field, text, isCode, readOnly, placeholder, describe, onChange, onLeave, onAsk, onOpen }: TokenEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useLatest({ onChange, onLeave, onAsk, onOpen, readOnly });
  const begun = useRef({ text, isCode, placeholder, describe });
  const attributes = JSON.stringify(attributesOf(field, readOnly));
  useEffect(() => {
    if (place.current === null) return;
    const ask = (made: EditorView) => {
      const { head } = made.state.selection.main;
      if (latest.current.readOnly || !/(^|\s)$/.test(made.state.sliceDoc(0, head))) return false;
      latest.current.onAsk();
      return true;
    };
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: begun.current.text,
        extensions: [
          history(),
          chipping((segment) => latest.current.onOpen(segment)),
          describing.of(describedBy(begun.current.describe)),
          Prec.high(keymap.of([{ key: "/", run: ask }])),
          keymap.of([...historyKeymap, ...defaultKeymap]),
          placeholderOf(begun.current.placeholder),
          EditorView.lineWrapping,
          attributing.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((one) => one.isUserEvent("outside"))) latest.current.onChange(update.state.doc.toString());
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.onLeave() }),
          withNonce(),
          look,
          begun.current.isCode ? EditorView.contentAttributes.of({ class: "dh-code" }) : EditorView.contentAttributes.of({ spellcheck: "true" }),
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
    const given = JSON.parse(attributes) as Record<string, string>;
    view.current?.dispatch({ effects: attributing.reconfigure([EditorView.contentAttributes.of(given), EditorState.readOnly.of(readOnly)]) });
  }, [attributes, readOnly]);
  useEffect(() => {
    view.current?.dispatch({ effects: describing.reconfigure(describedBy(describe)) });
  }, [describe]);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, userEvent: "outside" });
  }, [text]);
  useImperativeHandle(ref, () => ({
    focus: () => view.current?.focus(),
    insert: (expression) => {
      const editor = view.current;
      if (editor === undefined) return;
      const { from, to } = editor.state.selection.main;
      const before = editor.state.doc.toString();
      const after = withExpression(before, expression, from, to);
      const head = after.startsWith("@") && !after.startsWith("@{") ? after.length : Math.max(0, after.length - (before.length - to));
      editor.dispatch({ changes: { from: 0, to: before.length, insert: after }, selection: { anchor: head } });
    },
    replace: (wanted) => {
      const editor = view.current;
      if (editor === undefined) return;
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: wanted }, selection: { anchor: wanted.length } });
    },
  }));
  return <div ref={place} style={{ flex: "1 1 0", width: 0, minWidth: 0 }} />;
}

const attributing = new Compartment();

function attributesOf(field: Readonly<Record<string, unknown>>, readOnly: boolean): Record<string, string> {
  const wanted = ["id", "aria-labelledby", "aria-describedby", "aria-invalid", "aria-required"];
  const given = wanted.filter((name) => field[name] !== undefined && field[name] !== false).map((name) => [name, String(field[name])]);
  return { ...Object.fromEntries(given), tabindex: "0", ...(readOnly ? { "aria-readonly": "true" } : {}) };
}

const look = EditorView.theme({
  "&": {
    color: "var(--colorNeutralForeground1)",
    backgroundColor: "var(--colorNeutralBackground1)",
    border: "1px solid var(--colorNeutralStroke1)",
    borderBottomColor: "var(--colorNeutralStrokeAccessible)",
    borderRadius: "4px",
    fontSize: "14px",
    maxHeight: "240px",
  },
  "&.cm-focused": { outline: "2px solid var(--colorStrokeFocus2)", outlineOffset: "-1px" },
  ".cm-scroller": { overflow: "auto", fontFamily: "var(--fontFamilyBase)", lineHeight: "20px" },
  ".cm-content": { padding: "4px 0", minHeight: "30px", boxSizing: "border-box", caretColor: "var(--colorNeutralForeground1)" },
  ".cm-content.dh-code": { fontFamily: "var(--fontFamilyMonospace)", fontSize: "13px" },
  ".cm-line": { padding: "0 10px", lineHeight: "26px" },
  ".cm-line:not(:has(.dh-chip))": { lineHeight: "22px" },
  ".cm-placeholder": { color: "var(--colorNeutralForeground3)" },
  ".cm-selectionBackground": { backgroundColor: "var(--colorBrandBackground2Pressed) !important" },
});
