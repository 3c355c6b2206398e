import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, Compartment, EditorState as TextState, Transaction } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { makeStyles, tokens } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import type { RowFinding } from "@/api/portal";
import { useLatest } from "@/components/useLatest";
import type { Rule } from "@/designer/model/desktop/breakpoints";
import { editorTheme } from "@/designer/expressions/editorTheme";
import { t } from "@/strings/text";
import { breakpointGutter, showRun } from "./breakpointGutter";
import { robinFolding } from "./robinFolding";
import { robin } from "./robinLanguage";

const useStyles = makeStyles({
  pane: {
    height: "100%",
    minHeight: 0,
    minWidth: 0,
    "& .cm-editor": { height: "100%", border: "none", borderRadius: 0 },
    "& .cm-scroller": { overflow: "auto" },
    "& .cm-diagnostic": { fontFamily: tokens.fontFamilyBase },
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: tokens.colorPalettePurpleForeground2, fontWeight: "600" },
  { tag: tags.typeName, color: tokens.colorBrandForeground1 },
  { tag: tags.comment, color: tokens.colorPaletteGreenForeground2, fontStyle: "italic" },
  { tag: tags.meta, color: tokens.colorNeutralForeground2 },
]);

const fromOutside = Annotation.define<boolean>();

interface TextPaneProps {
  readonly subflow: string;
  readonly text: string;
  /** Grows when the text has to be shown anew. */
  readonly revision: number;
  readonly findings: readonly RowFinding[];
  /** The line of the whole text at which this part begins. */
  readonly firstLine: number;
  /** The line of the row with the focus in the cards. */
  readonly currentLine: number | undefined;
  readonly isReadOnly: boolean;
  readonly words: readonly string[];
  /** The lines that have a breakpoint, and what it does. */
  readonly breakpoints: ReadonlyMap<number, Rule>;
  /** The line where the run is. */
  readonly runLine: number | undefined;
  readonly onBreakpoint: (line: number) => void;
  readonly onEditBreakpoint: (line: number) => void;
  /** The cursor was moved to a line. */
  readonly onLine: (line: number) => void;
  readonly onType: (text: string) => void;
}

/** A subflow as text. It keeps what is typed; the document outside follows it. */
export function TextPane(props: TextPaneProps) {
  const { subflow, text, revision, findings, firstLine, currentLine, isReadOnly, breakpoints, runLine } = props;
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useLatest(props);

  useEffect(() => {
    if (place.current === null) return;
    const complete = (context: CompletionContext): CompletionResult | null => {
      const word = context.matchBefore(/[\w.]+/);
      if (word === null && !context.explicit) return null;
      return { from: word?.from ?? context.pos, options: latest.current.words.map((label) => ({ label })), validFor: /^[\w.]*$/ };
    };
    const made = new EditorView({
      parent: place.current,
      state: TextState.create({
        doc: latest.current.text,
        extensions: [
          breakpointGutter({ toggle: (line) => latest.current.onBreakpoint(line), edit: (line) => latest.current.onEditBreakpoint(line) }),
          lineNumbers(),
          foldGutter(),
          history(),
          robin,
          robinFolding,
          syntaxHighlighting(colours),
          editorTheme(),
          bracketMatching(),
          highlightActiveLine(),
          lintGutter(),
          autocompletion({ override: [complete] }),
          keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ "aria-label": t("desktop.textOf", { name: subflow }), tabindex: "0" }),
          editable.of(TextState.readOnly.of(latest.current.isReadOnly)),
          EditorView.updateListener.of((update) => {
            const typed = update.transactions.some((one) => one.docChanged && one.annotation(fromOutside) !== true);
            if (typed) latest.current.onType(update.state.doc.toString());
            else if (update.selectionSet && update.view.hasFocus) latest.current.onLine(update.state.doc.lineAt(update.state.selection.main.head).number);
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [subflow, latest]);

  useEffect(() => {
    view.current?.dispatch({ effects: editable.reconfigure(TextState.readOnly.of(isReadOnly)) });
  }, [isReadOnly]);

  useEffect(() => {
    const shown = view.current?.state.doc.toString();
    if (view.current === undefined || shown === text) return;
    view.current.dispatch({
      changes: smallestChange(shown ?? "", text),
      annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
    });
    // The text follows the document when that was changed elsewhere, and never while somebody types.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [revision, subflow]);

  useEffect(() => {
    if (view.current === undefined) return;
    const { doc } = view.current.state;
    const diagnostics = findings.flatMap((one): Diagnostic[] => {
      const line = one.line - firstLine + 1;
      if (line < 1 || line > doc.lines) return [];
      const { from, to, text: letters } = doc.line(line);
      const indent = letters.length - letters.trimStart().length;
      return [{ from: Math.min(from + indent, to), to, severity: one.severity === "error" ? "error" : "warning", message: one.message, source: one.code }];
    });
    view.current.dispatch(setDiagnostics(view.current.state, diagnostics));
  }, [findings, firstLine, revision, subflow]);

  useEffect(() => {
    view.current?.dispatch({ effects: showRun.of({ breakpoints, runLine }) });
    if (runLine === undefined || view.current === undefined || runLine > view.current.state.doc.lines) return;
    view.current.dispatch({ effects: EditorView.scrollIntoView(view.current.state.doc.line(runLine).from, { y: "nearest" }) });
  }, [breakpoints, runLine, revision, subflow]);

  useEffect(() => {
    const made = view.current;
    if (made === undefined || currentLine === undefined || made.hasFocus || currentLine > made.state.doc.lines) return;
    const { from } = made.state.doc.line(currentLine);
    made.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "nearest" }) });
  }, [currentLine, subflow]);

  return <div ref={place} className={styles.pane} />;
}

const editable = new Compartment();

function smallestChange(before: string, after: string) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
