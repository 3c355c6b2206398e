/** What can be done with rows, by menu and by key. */
import type { Row } from "@/designer/model/desktop/document";
import { folds, withHidden } from "@/designer/model/desktop/blocks";
import { variablesIn } from "@/designer/model/desktop/find";
import { t } from "@/strings/text";
import type { Command } from "./commands";
import { debugRowCommands } from "./debugCommands";
import type { Designer } from "./designer";
import { visibleRows } from "./editor";
import { variableRowCommands } from "./findCommands";

type Parts = Omit<Designer, "commands" | "commandsOf">;

/** The commands of a row, in the groups that its menu has. */
export function rowCommandGroups(parts: Parts, row: Row): readonly (readonly Command[])[] {
  const { rows, state, whyNot, subflow } = parts;
  // A menu of a row that is not selected is about that row alone.
  const chosen = withHidden(subflow.rows, state.selected.has(row.key) ? state.selected : new Set([row.key]), state.folded);
  const variables = variablesIn(row, state.variables);
  const change = (id: string, text: string, key: string, run: () => void): Command => ({ id, text, keys: [key], why: whyNot, run });
  return [
    [{ ...change("edit", t("desktop.editAction"), "Enter", () => rows.open(row)), why: whyNot ?? (row.name === "END" ? "" : undefined) }],
    [
      change("cut", t("desktop.cut"), "Ctrl+X", () => (rows.copy(chosen), rows.remove(chosen))),
      { id: "copy", text: t("desktop.copy"), keys: ["Ctrl+C"], run: () => rows.copy(chosen) },
      change("paste", t("desktop.paste"), "Ctrl+V", rows.paste),
      change("duplicate", t("desktop.duplicate"), "Ctrl+D", () => rows.duplicate(chosen)),
      change("delete", t("desktop.delete"), "Delete", () => rows.remove(chosen)),
    ],
    [
      change("toggle", t(row.disabled ? "desktop.enable" : "desktop.disable"), "Ctrl+/", () => rows.toggleDisabled(chosen)),
      change("up", t("desktop.moveUp"), "Alt+ArrowUp", () => rows.moveBy(false)),
      change("down", t("desktop.moveDown"), "Alt+ArrowDown", () => rows.moveBy(true)),
    ],
    [
      change("wrap", t("rows.wrap"), "Ctrl+Alt+R", () => rows.addRegion(chosen)),
      change("region", `${t("rows.addRegion")}…`, "Ctrl+Alt+Shift+R", () => rows.addRegion(new Set())),
      change("comment", `${t("rows.addComment")}…`, "Ctrl+Alt+C", rows.addComment),
    ],
    foldCommands(parts, row),
    ...(variables.length === 0 ? [] : [variableRowCommands(parts, variables)]),
    debugRowCommands(parts, row),
  ];
}

/** Folding: the row itself by the arrows, all of the subflow at once. */
function foldCommands({ state, dispatch, subflow }: Parts, row: Row): readonly Command[] {
  const at = subflow.rows.findIndex((one) => one.key === row.key);
  const isFolded = state.folded.has(row.key);
  const none = subflow.rows.some((_, place) => folds(subflow.rows, place)) ? undefined : t("rows.nothingFolds");
  return [
    { id: "fold", text: t(isFolded ? "rows.unfold" : "rows.fold"), keys: [isFolded ? "ArrowRight" : "ArrowLeft"], why: folds(subflow.rows, at) ? undefined : t("rows.doesNotFold"), run: () => dispatch({ type: "fold", key: row.key }) },
    { id: "foldAll", text: t("rows.foldAll"), keys: ["Ctrl+ArrowLeft"], why: none, run: () => dispatch({ type: "foldAll" }) },
    { id: "unfoldAll", text: t("rows.unfoldAll"), keys: ["Ctrl+ArrowRight"], why: none, run: () => dispatch({ type: "unfoldAll" }) },
  ];
}

/** Moving the focus and leaving the selection as it is, so that single rows can be chosen by keys. */
function choosingCommands({ state, dispatch, subflow }: Parts): readonly Command[] {
  const places = visibleRows(subflow.rows, state.folded);
  const here = places.findIndex(({ row }) => row.key === state.current);
  const to = (step: 1 | -1) => () => {
    const next = places[here + step];
    if (next !== undefined) dispatch({ type: "focus", key: next.row.key });
  };
  const choose = () => {
    if (state.current !== undefined) dispatch({ type: "select", key: state.current, how: "add" });
  };
  return [
    { id: "focusUp", text: t("rows.focusUp"), keys: ["Ctrl+ArrowUp"], run: to(-1) },
    { id: "focusDown", text: t("rows.focusDown"), keys: ["Ctrl+ArrowDown"], run: to(1) },
    { id: "choose", text: t("rows.choose"), keys: ["Ctrl+Space", "Space"], run: choose },
  ];
}

/** What keys do while the focus is in the rows. */
export function workspaceCommands(designer: Designer): readonly Command[] {
  const { state, dispatch, look, whyNot, subflow } = designer;
  const current = subflow.rows.find((row) => row.key === state.current);
  return [
    { id: "insert", text: t("desktop.addAction"), keys: ["Insert"], why: whyNot, run: () => look.open({ kind: "add" }) },
    { id: "all", text: t("rows.selectAll"), keys: ["Ctrl+A"], run: () => dispatch({ type: "selectAll" }) },
    ...choosingCommands(designer),
    ...designer.commands.filter((one) => one.id === "undo" || one.id === "redo"),
    ...(current === undefined ? whatEmptyTakes(designer) : designer.commandsOf(current).flat()),
  ];
}

/** What can be done in a subflow without rows. */
function whatEmptyTakes({ rows, whyNot }: Designer): readonly Command[] {
  return [
    { id: "paste", text: t("desktop.paste"), keys: ["Ctrl+V"], why: whyNot, run: rows.paste },
    { id: "comment", text: `${t("rows.addComment")}…`, keys: ["Ctrl+Alt+C"], why: whyNot, run: rows.addComment },
  ];
}

/** Keys that the rows have by their role, for the list of shortcuts. */
export function rowKeys(): readonly (readonly [string, string])[] {
  return [
    ["↑ ↓", t("rows.move")],
    ["Shift+↑ ↓", t("rows.extend")],
    ["Home, End", t("rows.first")],
    ["Shift+F10", t("rows.menu")],
  ];
}
