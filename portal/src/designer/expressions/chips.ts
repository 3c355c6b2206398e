/** Expressions in a text field as chips: one thing each, that the caret steps over, chooses, opens and deletes. */
import { Compartment, EditorSelection, EditorState, Facet, StateEffect, StateField, type Extension, type Range, type Transaction, type TransactionSpec } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, keymap, type DecorationSet } from "@codemirror/view";
import { segmentsOf, type ChipText, type Segment } from "@/designer/model/cloud/segments";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";

export type Described = (expression: string) => ChipText;

/** What says what a chip says; it changes with the steps of the flow. */
export const describing = new Compartment();
const description = Facet.define<Described, Described>({
  combine: (given) => given[0] ?? ((expression) => ({ source: undefined, name: expression, type: "" })),
});
export const describedBy = (describe: Described): Extension => description.of(describe);

/** Tells that somebody went elsewhere: what they typed is as they meant it. */
const settled = StateEffect.define();

interface Chips {
  readonly segments: readonly Segment[];
  /** Whether somebody is typing, so that an expression is not yet what it is going to be. */
  readonly typing: boolean;
  readonly shown: DecorationSet;
}

const chips = StateField.define<Chips>({
  create: (state) => chipsOf(state, false),
  update: (before, transaction) => {
    const typing = isTyping(before, transaction);
    const changed = transaction.docChanged || transaction.selection !== undefined || typing !== before.typing || transaction.reconfigured;
    return changed ? chipsOf(transaction.state, typing) : before;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (one) => one.shown),
    EditorView.atomicRanges.of((view) => view.state.field(field).shown),
  ],
});

function isTyping(before: Chips, transaction: Transaction): boolean {
  if (transaction.effects.some((one) => one.is(settled))) return false;
  if (transaction.docChanged) return transaction.isUserEvent("input") || transaction.isUserEvent("delete") || transaction.isUserEvent("undo");
  const { head } = transaction.state.selection.main;
  return before.typing && before.segments.some((one) => head >= one.from && head <= one.to);
}

function chipsOf(state: EditorState, typing: boolean): Chips {
  const segments = segmentsOf(state.doc.toString());
  const { from, to, head } = state.selection.main;
  const describe = state.facet(description);
  const ranges: Range<Decoration>[] = [];
  for (const one of segments) {
    const isAt = one.kind === "whole" ? head >= one.from && head <= one.to : head > one.from && head < one.to;
    if (typing && isAt) continue;
    const isChosen = from === one.from && to === one.to;
    ranges.push(Decoration.replace({ widget: new Chip(one, describe(one.expression), isChosen) }).range(one.from, one.to));
  }
  return { segments, typing, shown: Decoration.set(ranges) };
}

class Chip extends WidgetType {
  constructor(
    readonly segment: Segment,
    readonly text: ChipText,
    readonly isChosen: boolean,
  ) {
    super();
  }

  override eq(other: Chip): boolean {
    const [one, two] = [this.text, other.text];
    return this.segment.expression === other.segment.expression && this.isChosen === other.isChosen && one.source === two.source && one.name === two.name && one.type === two.type;
  }

  override toDOM(): HTMLElement {
    const { source, name, type } = this.text;
    const chip = part("dh-chip", "");
    chip.dataset["chip"] = this.segment.expression;
    chip.title = `${name}${type === "" ? "" : ` (${type})`}\n${this.segment.expression}`;
    if (this.isChosen) chip.classList.add("dh-chip-chosen");
    chip.append(part("dh-chip-source", source === undefined ? "fx" : source), part("dh-chip-name", name));
    if (type !== "" && type !== "any") chip.append(part("dh-chip-type", type));
    const remove = part("dh-chip-remove", "×");
    remove.setAttribute("aria-hidden", "true");
    remove.title = t("cloud.chip.remove", { name });
    chip.append(remove);
    return chip;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** Part of a chip; names are people's words, so they keep their direction to themselves, and nothing hides in them. */
function part(className: string, text: string): HTMLElement {
  const made = document.createElement("bdi");
  made.className = className;
  if (text !== "") made.textContent = visible(text);
  return made;
}

/** Return the chip that is chosen, as a whole and alone. */
function chosenChip(state: EditorState): Segment | undefined {
  const { from, to } = state.selection.main;
  return shownSegments(state).find((one) => one.from === from && one.to === to);
}

function shownSegments(state: EditorState): readonly Segment[] {
  const { segments, shown } = state.field(chips);
  const seen = new Set<number>();
  shown.between(0, state.doc.length, (from) => void seen.add(from));
  return segments.filter((one) => seen.has(one.from));
}

/** Choose the chip beside the caret, instead of stepping over it unseen. */
function chooseBeside(view: EditorView, direction: -1 | 1): boolean {
  const { main } = view.state.selection;
  if (!main.empty) return false;
  const beside = shownSegments(view.state).find((one) => (direction === 1 ? one.from : one.to) === main.head);
  if (beside === undefined) return false;
  const selection = direction === 1 ? EditorSelection.range(beside.from, beside.to) : EditorSelection.range(beside.to, beside.from);
  const { source, name, type } = view.state.facet(description)(beside.expression);
  view.dispatch({
    selection: EditorSelection.single(selection.anchor, selection.head),
    effects: EditorView.announce.of(t("cloud.chip.chosen", { name, type, source: source ?? t("cloud.expression") })),
  });
  return true;
}

/** What is typed beside an expression that was the whole makes it part of a text. */
function besideWhole(transaction: Transaction): TransactionSpec | Transaction {
  if (!transaction.docChanged || !transaction.isUserEvent("input")) return transaction;
  const [whole] = shownSegments(transaction.startState);
  if (whole?.kind !== "whole") return transaction;
  let added: { readonly at: number; readonly text: string } | undefined;
  let count = 0;
  transaction.changes.iterChanges((from, to, _from, _to, text) => {
    count += 1;
    if (from === to) added = { at: from, text: text.toString() };
  });
  if (count !== 1 || added === undefined || (added.at !== whole.from && added.at !== whole.to)) return transaction;
  const inside = `@{${whole.expression}}`;
  const insert = added.at === whole.from ? added.text + inside : inside + added.text;
  const head = added.at === whole.from ? added.text.length : insert.length;
  return { changes: { from: whole.from, to: whole.to, insert }, selection: { anchor: head }, userEvent: "input.type" };
}

/** Return the extension that shows chips; `onOpen` is asked for when one is to be changed. */
export function chipping(onOpen: (segment: Segment) => void): Extension {
  return [
    chips,
    EditorState.transactionFilter.of(besideWhole),
    keymap.of([
      { key: "ArrowRight", run: (view) => chooseBeside(view, 1) },
      { key: "ArrowLeft", run: (view) => chooseBeside(view, -1) },
      {
        key: "Enter",
        run: (view) => {
          const chosen = chosenChip(view.state);
          if (chosen !== undefined) onOpen(chosen);
          return chosen !== undefined;
        },
      },
    ]),
    EditorView.domEventHandlers({
      blur: (_, view) => {
        if (view.state.field(chips).typing) queueMicrotask(() => view.dispatch({ effects: settled.of(null) }));
      },
      mousedown: (event, view) => pressed(event, view, onOpen),
    }),
    look,
  ];
}

function pressed(event: MouseEvent, view: EditorView, onOpen: (segment: Segment) => void): boolean {
  const target = event.target as HTMLElement;
  const chip = target.closest<HTMLElement>(".dh-chip");
  if (chip === null) return false;
  const at = view.posAtDOM(chip);
  const segment = shownSegments(view.state).find((one) => at >= one.from && at < one.to);
  if (segment === undefined) return false;
  event.preventDefault();
  view.focus();
  if (target.closest(".dh-chip-remove") === null) {
    view.dispatch({ selection: { anchor: segment.from, head: segment.to } });
    onOpen(segment);
  } else if (!view.state.readOnly) view.dispatch({ changes: { from: segment.from, to: segment.to }, selection: { anchor: segment.from }, userEvent: "delete" });
  return true;
}

const look = EditorView.theme({
  ".dh-chip": {
    display: "inline-flex",
    alignItems: "center",
    maxWidth: "calc(100% - 4px)",
    verticalAlign: "middle",
    margin: "1px 1px",
    height: "24px",
    boxSizing: "border-box",
    borderRadius: "4px",
    border: "1px solid var(--colorBrandStroke2)",
    backgroundColor: "var(--colorBrandBackground2)",
    color: "var(--colorNeutralForeground1)",
    fontFamily: "var(--fontFamilyBase)",
    fontSize: "13px",
    lineHeight: "20px",
    whiteSpace: "nowrap",
    cursor: "pointer",
  },
  ".dh-chip:hover": { backgroundColor: "var(--colorBrandBackground2Hover)" },
  ".dh-chip-chosen": { outline: "2px solid var(--colorStrokeFocus2)", outlineOffset: "1px" },
  ".dh-chip-source": {
    padding: "0 6px",
    color: "var(--colorBrandForeground2)",
    fontWeight: "600",
    flex: "0 1 auto",
    minWidth: "16px",
    maxWidth: "45%",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".dh-chip-name": { flex: "1 1 auto", minWidth: "20px", overflow: "hidden", textOverflow: "ellipsis" },
  ".dh-chip-type": { flex: "0 0 auto", paddingLeft: "6px", fontSize: "11px", color: "var(--colorNeutralForeground2)" },
  ".dh-chip-remove": { flex: "0 0 24px", width: "24px", textAlign: "center", fontSize: "16px", lineHeight: "20px", color: "var(--colorNeutralForeground2)" },
  ".dh-chip-remove:hover": { color: "var(--colorNeutralForeground1)" },
  "@media (forced-colors: active)": { ".dh-chip": { border: "1px solid" } },
});
