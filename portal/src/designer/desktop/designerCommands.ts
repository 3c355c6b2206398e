/** What can be done anywhere in the designer, by key and by button. */
import { t } from "@/strings/text";
import type { Command } from "./commands";
import { debugCommands } from "./debugCommands";
import type { Designer } from "./designer";
import { findCommands } from "./findCommands";

type Parts = Omit<Designer, "commands" | "commandsOf">;

/** Commands whose keys mean this only in the rows: texts have an undo of their own. */
export const ROWS_ONLY: ReadonlySet<string> = new Set(["undo", "redo"]);

export function designerCommands(parts: Parts): readonly Command[] {
  const { state, dispatch, look, saving } = parts;
  const busy = saving.isPending ? "" : undefined;
  return [
    { id: "save", text: t("desktop.saveDraft"), keys: ["Ctrl+S"], why: saving.whyNoSave ?? busy, run: saving.save },
    { id: "publish", text: t("desktop.publish"), keys: ["Ctrl+Shift+S"], why: saving.whyNoPublish ?? busy, run: saving.publish },
    { id: "publishWithNote", text: t("versions.publishWithNote"), keys: ["Ctrl+Alt+S"], why: saving.whyNoPublish ?? busy, run: () => look.open({ kind: "publishWithNote" }) },
    ...debugCommands(parts),
    { id: "undo", text: t("desktop.undo"), keys: ["Ctrl+Z"], why: state.history.past.length > 0 ? undefined : t("desktop.nothingToUndo"), run: () => dispatch({ type: "undo" }) },
    { id: "redo", text: t("desktop.redo"), keys: ["Ctrl+Y", "Ctrl+Shift+Z"], why: state.history.future.length > 0 ? undefined : t("desktop.nothingToRedo"), run: () => dispatch({ type: "redo" }) },
    ...findCommands(parts),
    { id: "view", text: t("rows.view"), keys: ["Ctrl+E"], run: () => look.show(look.view === "cards" ? "text" : "cards") },
    ...goingCommands(parts),
    { id: "nextProblem", text: t("rows.nextProblem"), keys: ["F8"], run: () => goToProblem(parts, 1) },
    { id: "previousProblem", text: t("rows.previousProblem"), keys: ["Shift+F8"], run: () => goToProblem(parts, -1) },
  ];
}

/** Going between subflows and panes. Browsers keep some of these keys for their tabs: each has a second one. */
function goingCommands({ document, subflow, dispatch, look }: Parts): readonly Command[] {
  const { subflows } = document;
  const why = subflows.length > 1 ? undefined : t("rows.oneSubflow");
  const turn = (step: 1 | -1) => () => {
    const next = subflows[(subflows.findIndex((one) => one.name === subflow.name) + step + subflows.length) % subflows.length];
    if (next !== undefined) dispatch({ type: "open", subflow: next.name });
  };
  const variables = () => {
    if (look.panel === undefined) look.openSide("variables");
    look.drawer.reach("side");
  };
  return [
    { id: "nextSubflow", text: t("rows.nextSubflow"), keys: ["Ctrl+Tab", "Alt+PageDown"], why, run: turn(1) },
    { id: "previousSubflow", text: t("rows.previousSubflow"), keys: ["Ctrl+Shift+Tab", "Alt+PageUp"], why, run: turn(-1) },
    { id: "actions", text: t("rows.toActions"), keys: ["Ctrl+1", "Ctrl+Alt+1"], run: () => void look.drawer.reach("actions") },
    { id: "workspace", text: t("rows.toWorkspace"), keys: ["Ctrl+2", "Ctrl+Alt+2"], run: () => void look.drawer.reach("workspace") },
    { id: "variables", text: t("rows.toVariables"), keys: ["Ctrl+3", "Ctrl+Alt+3"], run: variables },
    { id: "nextPane", text: t("rows.nextPane"), keys: ["F6"], run: () => look.drawer.reachNext(1) },
    { id: "previousPane", text: t("rows.previousPane"), keys: ["Shift+F6"], run: () => look.drawer.reachNext(-1) },
  ];
}

function goToProblem({ state, subflow, look }: Parts, step: 1 | -1): void {
  const problems = state.findings.filter((one) => one.row >= 0);
  const row = subflow.rows.findIndex((one) => one.key === state.current);
  const at = problems.findIndex((one) => one.subflow === subflow.name && one.row === row);
  const next = at < 0 && step < 0 ? problems.at(-1) : problems[(at + step + problems.length) % problems.length];
  if (next !== undefined) look.go(next.subflow || "Main", next.row);
}
