import { autocompletion, closeBrackets, completionKeymap, snippetCompletion, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { FunctionOffer } from "@/api/portal";
import type { Token } from "@/designer/model/cloud/tokens";
import { spoken } from "@/strings/visible";
import { editorTheme } from "./editorTheme";

interface ExpressionEditorProps {
  readonly label: string;
  readonly help: string;
  readonly initial: string;
  /** Where the caret begins. */
  readonly caret: number;
  readonly functions: readonly FunctionOffer[];
  readonly tokens: readonly Token[];
  readonly onChange: (text: string) => void;
  readonly onEnter: () => void;
}

/** Where an expression is written; functions and dynamic content are completed. */
export function ExpressionEditor({ label, help, initial, caret, functions, tokens, onChange, onEnter }: ExpressionEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef({ functions, tokens, onChange, onEnter });
  useEffect(() => {
    latest.current = { functions, tokens, onChange, onEnter };
  });
  const begun = useRef({ label, help, initial, caret });
  useEffect(() => {
    if (place.current === null) return;
    const complete = (context: CompletionContext) => {
      const word = context.matchBefore(/[\w$]*/);
      if (word === null || (word.from === word.to && !context.explicit)) return null;
      return {
        from: word.from,
        options: [
          ...latest.current.functions.map((one) =>
            snippetCompletion(`${one.name}(\${})`, { label: one.name, type: "function", detail: one.signature.slice(one.name.length), info: one.doc }),
          ),
          ...latest.current.tokens.map((one) => ({ label: one.expression, type: "variable", detail: `${one.source}: ${one.name}` })),
        ],
      };
    };
    const enter = keymap.of([{ key: "Enter", run: () => (latest.current.onEnter(), true) }]);
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: begun.current.initial,
        selection: { anchor: begun.current.caret },
        extensions: [
          history(),
          closeBrackets(),
          autocompletion({ override: [complete], interactionDelay: 0 }),
          keymap.of(completionKeymap),
          enter,
          keymap.of([...historyKeymap, ...defaultKeymap]),
          placeholder(begun.current.help),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": spoken(begun.current.label) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
          editorTheme(),
        ],
      }),
    });
    view.focus();
    return () => view.destroy();
  }, []);
  return <div ref={place} />;
}
