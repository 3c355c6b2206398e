/** Finding, replacing, and what is done with the variable at the cursor. */
import type { FlowVariable } from "@/api/portal";
import { findRows, nextFound, usages, variablesIn, type FoundRow } from "@/designer/model/desktop/find";
import { t } from "@/strings/text";
import type { Command } from "./commands";
import type { Designer } from "./designer";
import { isInPane } from "./focus";
import { chosenText, chosenWord, isInText } from "./textView";

type Parts = Omit<Designer, "commands" | "commandsOf">;

/** What can be found, replaced and renamed anywhere in the designer. */
export function findCommands(parts: Parts): readonly Command[] {
  const { look, whyNot } = parts;
  return [
    { id: "find", text: t("finding.find"), keys: ["Ctrl+F"], run: () => look.askWhat(fromText()) },
    { id: "replace", text: t("finding.replace"), keys: ["Ctrl+H"], run: () => look.askWhat({ replaces: true, ...fromText() }) },
    { id: "findNext", text: t("finding.next"), keys: ["F3"], run: () => goOn(parts, 1) },
    { id: "findPrevious", text: t("finding.previous"), keys: ["Shift+F3"], run: () => goOn(parts, -1) },
    { id: "goTo", text: `${t("finding.goToLine")}…`, keys: ["Ctrl+G"], run: () => look.open({ kind: "goTo", inText: look.view === "text" || isInText() }) },
    { id: "rename", text: `${t("finding.renameVariable")}…`, keys: ["F2"], why: whyNot, run: () => rename(parts) },
    { id: "usages", text: t("desktop.findUsages"), keys: ["Shift+F12"], run: () => showUsages(parts) },
    { id: "unused", text: `${t("finding.removeUnused")}…`, keys: [], why: whyNot, run: () => look.open({ kind: "unused" }) },
  ];
}

/** What is done with the variables of a row. */
export function variableRowCommands(parts: Parts, variables: readonly FlowVariable[]): readonly Command[] {
  if (variables.length === 0) return [];
  return [
    { id: "rename", text: `${t("finding.renameVariable")}…`, keys: ["F2"], why: parts.whyNot, run: () => rename(parts, variables) },
    { id: "usages", text: t("desktop.findUsages"), keys: ["Shift+F12"], run: () => showUsages(parts, variables) },
  ];
}

/** Go to the next or the previous of some rows, seen from the current row or another place. */
export function goToFound({ document, state, subflow, dispatch }: Parts, found: readonly FoundRow[], step: 1 | -1, from?: FoundRow): void {
  const here = { subflow: subflow.name, at: subflow.rows.findIndex((row) => row.key === state.current) };
  const next = nextFound(document, found, from ?? here, step);
  if (next !== undefined) dispatch({ type: "open", subflow: next.subflow, row: next.at });
}

function goOn(parts: Parts, step: 1 | -1): void {
  const { look, document } = parts;
  const { search } = look;
  if (search.text === "" && search.variable === undefined) look.askWhat({});
  else goToFound(parts, search.variable === undefined ? findRows(document, search) : usages(document, search.variable), step);
}

/** What is selected in the text, as something to look for. */
function fromText(): { readonly text?: string } {
  const text = chosenText();
  return text === "" || text.includes("\n") ? {} : { text };
}

function rename(parts: Parts, variables = atCursor(parts)): void {
  withOne(parts, variables, "finding.whichToRename", (variable) => parts.look.open({ kind: "rename", variable }));
}

function showUsages(parts: Parts, variables = atCursor(parts)): void {
  withOne(parts, variables, "finding.whichUsages", ({ name }) => parts.look.find({ variable: name }));
}

/** Do something with the one variable of a place; where there are several, with the one that is picked. */
function withOne({ look }: Parts, variables: readonly FlowVariable[], title: "finding.whichToRename" | "finding.whichUsages", then: (variable: FlowVariable) => void): void {
  const [first, ...others] = variables;
  if (first === undefined) look.tell(t("finding.noVariable"));
  else if (others.length === 0) then(first);
  else look.open({ kind: "pickVariable", title, variables, then });
}

/** The variable that has the focus in its pane or the cursor in the text; otherwise those of the current row. */
function atCursor({ state, subflow }: Parts): readonly FlowVariable[] {
  const named = (name: string) => state.variables.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  const inPane = document.activeElement?.closest<HTMLElement>("[data-variable]")?.dataset["variable"];
  if (inPane !== undefined) return named(inPane);
  const word = chosenWord();
  if (word !== undefined) return named(word);
  if (isInPane("side")) return [];
  const row = subflow.rows.find((one) => one.key === state.current);
  return row === undefined ? [] : variablesIn(row, state.variables);
}
