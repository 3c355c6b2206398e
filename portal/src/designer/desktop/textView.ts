/** The text view, for commands that are about where its cursor is. */
import { EditorView } from "@codemirror/view";

function textView(): EditorView | null {
  const shown = document.querySelector<HTMLElement>("[data-pane=workspace] .cm-editor");
  return shown === null ? null : EditorView.findFromDOM(shown);
}

/** Whether the keyboard is in the text view. */
export function isInText(): boolean {
  return textView()?.hasFocus === true;
}

/** The letters that are selected in the text view, or the word at its cursor; empty where the keyboard is elsewhere. */
export function chosenText(): string {
  const view = textView();
  if (view?.hasFocus !== true) return "";
  const { main } = view.state.selection;
  return main.empty ? wordAt(view) : view.state.sliceDoc(main.from, main.to);
}

/** The word at the cursor of the text view. */
export function chosenWord(): string | undefined {
  const view = textView();
  return view?.hasFocus === true ? wordAt(view) : undefined;
}

function wordAt({ state }: EditorView): string {
  const word = state.wordAt(state.selection.main.head);
  return word === null ? "" : state.sliceDoc(word.from, word.to);
}

/** How many lines the text view has. */
export function linesOfText(): number {
  return textView()?.state.doc.lines ?? 0;
}

/** Put the cursor of the text view at the beginning of a line. */
export function goToTextLine(line: number): void {
  const view = textView();
  if (view === null) return;
  const { from } = view.state.doc.line(Math.max(1, Math.min(view.state.doc.lines, line)));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}
