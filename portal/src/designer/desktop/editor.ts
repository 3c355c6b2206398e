/** The state of a desktop flow's designer: the document, what was undone, what is selected, what the server said of it. */
import type { FlowOutline, FlowParameter, FlowVariable, RowFinding } from "@/api/portal";
import { begin, change, redo, undo, type History } from "@/designer/model/cloud/history";
import { endOf, folds, revealing, seen } from "@/designer/model/desktop/blocks";
import { fromOutline, wholeText, type Document, type Row, type Subflow, type Typed } from "@/designer/model/desktop/document";

export interface EditorState {
  readonly history: History<Document>;
  /** What stands in the text view, where it was typed there. */
  readonly typed: Typed | undefined;
  /** Grows when the text view has to show the document anew. */
  readonly revision: number;
  readonly readable: boolean;
  readonly findings: readonly RowFinding[];
  readonly variables: readonly FlowVariable[];
  /** What a run asks for. */
  readonly inputs: readonly FlowParameter[];
  readonly subflow: string;
  readonly selected: ReadonlySet<number>;
  /** The row with the focus. */
  readonly current: number | undefined;
  readonly folded: ReadonlySet<number>;
  /** The text that the server has. */
  readonly saved: string;
}

export type EditorAction =
  | { readonly type: "read"; readonly outline: FlowOutline; readonly text: string }
  /** A change of the document as it stands by then: what was added while the server wrote stays. */
  | { readonly type: "edit"; readonly change: (before: Document) => Document; readonly select?: readonly number[]; readonly subject?: string }
  | { readonly type: "typed"; readonly text: string }
  | { readonly type: "undo" | "redo" }
  | { readonly type: "saved"; readonly text: string }
  | { readonly type: "open"; readonly subflow: string; readonly row?: number }
  | { readonly type: "select"; readonly key: number; readonly how: "one" | "add" | "range" }
  | { readonly type: "selectAll" }
  /** Put the focus on a row and leave the selection as it is. */
  | { readonly type: "focus"; readonly key: number }
  | { readonly type: "fold"; readonly key: number }
  | { readonly type: "foldAll" | "unfoldAll" };

const NONE: ReadonlySet<number> = new Set();
export const EMPTY: Document = { header: "", subflows: [{ name: "Main", opening: "", rows: [] }], repository: "" };

/** The designer of a text that the server has taken apart. */
export function opened(outline: FlowOutline, text: string, saved: string): EditorState {
  const document = outline.readable ? fromOutline(outline) : EMPTY;
  // Line ends and blank lines that the designer writes in its own way are no change of what is saved.
  const same = outline.readable && text === saved;
  return {
    history: begin(document),
    typed: outline.readable ? undefined : { subflow: "Main", text },
    revision: 0,
    readable: outline.readable,
    findings: outline.findings,
    variables: outline.variables,
    inputs: outline.inputs,
    subflow: "Main",
    selected: NONE,
    current: document.subflows[0]?.rows[0]?.key,
    folded: NONE,
    saved: same ? wholeText(document).text : saved,
  };
}

export function documentOf(state: EditorState): Document {
  return state.history.present;
}

export function subflowOf(state: EditorState): Subflow {
  const { subflows } = state.history.present;
  return subflows.find((one) => one.name === state.subflow) ?? subflows[0] ?? { name: "Main", opening: "", rows: [] };
}

/** The flow's text as it stands, typed letters included. */
export function textOf(state: EditorState): string {
  return wholeText(state.history.present, state.typed).text;
}

export function reduce(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case "read":
      return read(state, action.outline, action.text);
    case "edit":
      return edited(state, action.change(state.history.present), action.select, action.subject);
    case "typed":
      return { ...state, typed: { subflow: state.subflow, text: action.text } };
    case "undo":
    case "redo": {
      const history = (action.type === "undo" ? undo : redo)(state.history);
      if (history === state.history && state.typed === undefined) return state;
      return settled({ ...state, history, typed: undefined, readable: true, revision: state.revision + 1 });
    }
    case "saved":
      return { ...state, saved: action.text };
    case "open":
      return open(state, action.subflow, action.row);
    case "select":
      return select(state, action.key, action.how);
    case "selectAll":
      return { ...state, selected: new Set(subflowOf(state).rows.map((row) => row.key)) };
    case "focus":
      return { ...state, current: action.key };
    case "fold":
      return withSeenCurrent({ ...state, folded: toggled(state.folded, action.key) });
    case "foldAll": {
      const { rows } = subflowOf(state);
      return withSeenCurrent({ ...state, folded: new Set([...state.folded, ...rows.flatMap((row, at) => (folds(rows, at) ? [row.key] : []))]) });
    }
    case "unfoldAll": {
      const own = new Set(subflowOf(state).rows.map((row) => row.key));
      return { ...state, folded: new Set([...state.folded].filter((key) => !own.has(key))) };
    }
  }
}

function read(state: EditorState, outline: FlowOutline, text: string): EditorState {
  if (text !== textOf(state)) return state;
  const told = { findings: outline.findings, readable: outline.readable };
  if (!outline.readable) return { ...state, ...told };
  const document = fromOutline(outline, state.history.present);
  // What was typed is a change that can be undone; what cards changed is the same document, now with its sentences.
  const history = state.typed === undefined ? { ...state.history, present: document } : change(state.history, document, "typing");
  return settled({ ...state, ...told, history, variables: outline.variables, inputs: outline.inputs });
}

function edited(state: EditorState, document: Document, select: readonly number[] = [], subject?: string): EditorState {
  if (document === state.history.present) return state;
  const next = { ...state, history: change(state.history, document, subject), typed: undefined, revision: state.revision + 1 };
  return settled(select.length === 0 ? next : { ...next, selected: new Set(select), current: select[0] });
}

/** The state with the focus on a row that is seen: where its own was folded away, on that which hides it. */
function withSeenCurrent(state: EditorState): EditorState {
  const { rows } = subflowOf(state);
  const at = rows.findIndex((row) => row.key === state.current);
  const place = seen(rows, state.folded).findLast((one) => one <= at);
  const current = place === undefined ? undefined : rows[place]?.key;
  return current === undefined || current === state.current ? state : { ...state, current };
}

/** The state without what is not there any more. */
function settled(state: EditorState): EditorState {
  const subflow = subflowOf(state);
  const keys = new Set(subflow.rows.map((row) => row.key));
  const selected = [...state.selected].filter((key) => keys.has(key));
  const current = state.current !== undefined && keys.has(state.current) ? state.current : (selected[0] ?? subflow.rows[0]?.key);
  return { ...state, subflow: subflow.name, selected: selected.length === state.selected.size ? state.selected : new Set(selected), current };
}

function open(state: EditorState, name: string, row: number | undefined): EditorState {
  const subflow = state.history.present.subflows.find((one) => one.name === name);
  if (subflow === undefined) return state;
  const current = subflow.rows[row ?? 0]?.key;
  const folded = row === undefined ? state.folded : revealing(subflow.rows, state.folded, row);
  const typed = state.typed?.subflow === name ? state.typed : undefined;
  const moved = name !== state.subflow || typed !== state.typed;
  const selected = row === undefined || current === undefined ? NONE : new Set([current]);
  return { ...state, subflow: name, current, selected, folded, ...(moved && state.readable ? { typed, revision: state.revision + 1 } : {}) };
}

function select(state: EditorState, key: number, how: "one" | "add" | "range"): EditorState {
  if (how === "one") return { ...state, selected: new Set([key]), current: key };
  if (how === "add") return { ...state, selected: toggled(state.selected, key), current: key };
  const { rows } = subflowOf(state);
  const from = rows.findIndex((row) => state.selected.has(row.key));
  const to = rows.findIndex((row) => row.key === key);
  const [first, last] = from < 0 ? [to, to] : from < to ? [from, to] : [to, rows.findLastIndex((row) => state.selected.has(row.key))];
  return { ...state, selected: new Set(rows.slice(first, last + 1).map((row) => row.key)), current: key };
}

function toggled(set: ReadonlySet<number>, key: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** The rows on the page, folded ones left out, with their places. */
export function visibleRows(rows: readonly Row[], folded: ReadonlySet<number>): readonly { readonly row: Row; readonly at: number }[] {
  return seen(rows, folded).flatMap((at) => {
    const row = rows[at];
    return row === undefined ? [] : [{ row, at }];
  });
}

/** Where a new row goes: after what is selected, into the block that the selection opens. */
export function insertionPlace(state: EditorState): number {
  const { rows } = subflowOf(state);
  const last = rows.findLastIndex((row) => state.selected.has(row.key));
  const row = rows[last];
  if (row === undefined) return rows.length;
  return state.folded.has(row.key) ? endOf(rows, last) : last + 1;
}
