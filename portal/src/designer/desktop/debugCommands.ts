/** What can be done with a run in the designer: beginning, pausing, stepping, breakpoints. */
import { canBreak } from "@/designer/model/desktop/breakpoints";
import type { Row } from "@/designer/model/desktop/document";
import { t } from "@/strings/text";
import type { Command } from "./commands";
import type { Designer } from "./designer";
import type { Beginning } from "./useDebugging";

type Parts = Omit<Designer, "commands" | "commandsOf">;

/** The commands that are about the run as a whole. */
export function debugCommands(parts: Parts): readonly Command[] {
  const { debugging } = parts;
  const { isOpen, isPaused, command, breakpoints } = debugging;
  const whyNoBeginning = whyNoRun(parts);
  const pausedOnly = isPaused ? undefined : t("debug.notPaused");
  const step = isPaused ? undefined : isOpen ? t("debug.isRunning") : whyNoBeginning;
  const beginOr = (order: "stepOver" | "stepInto") => () => (isPaused ? command(order) : begin(parts, { stopOnEntry: true }));
  return [
    isPaused
      ? { id: "run", text: t("debug.resume"), keys: ["F5"], run: () => command("resume") }
      : { id: "run", text: t("desktop.run"), keys: ["F5"], why: whyNoBeginning ?? (isOpen ? "" : undefined), run: () => begin(parts, {}) },
    { id: "pause", text: t("debug.pause"), keys: ["Ctrl+Pause", "Ctrl+Cancel"], why: isOpen && !isPaused ? undefined : t("desktop.notRunning"), run: () => command("pause") },
    { id: "stop", text: t("desktop.stop"), keys: ["Shift+F5"], why: isOpen ? undefined : t("desktop.notRunning"), run: debugging.stop },
    { id: "stepOver", text: t("debug.stepOver"), keys: ["F10"], why: step, run: beginOr("stepOver") },
    { id: "stepInto", text: t("debug.stepInto"), keys: ["F11"], why: step, run: beginOr("stepInto") },
    { id: "stepOut", text: t("debug.stepOut"), keys: ["Shift+F11"], why: pausedOnly, run: () => command("stepOut") },
    ...ofCurrentRow(parts),
    { id: "clearBreakpoints", text: t("debug.clearBreakpoints"), keys: ["Ctrl+Shift+F9"], run: breakpoints.clear },
  ];
}

function ofCurrentRow(parts: Parts): readonly Command[] {
  const row = parts.subflow.rows.find((one) => one.key === parts.state.current);
  return row === undefined ? [] : debugRowCommands(parts, row);
}

/** The commands that are about a row. */
export function debugRowCommands(parts: Parts, row: Row): readonly Command[] {
  const { debugging, subflow, look } = parts;
  const place = { subflow: subflow.name, row: row.number };
  const nothing = canBreak(row) ? undefined : t("debug.noBreakpoint");
  const whyNoBeginning = debugging.isOpen ? t("debug.locked") : whyNoRun(parts);
  return [
    { id: "breakpoint", text: t("debug.toggleBreakpoint"), keys: ["F9"], why: nothing, run: () => debugging.breakpoints.toggle(row.key) },
    { id: "breakpointRule", text: `${t("debug.editBreakpoint")}…`, keys: ["Shift+F9"], why: nothing, run: () => look.open({ kind: "breakpoint", key: row.key }) },
    { id: "runTo", text: t("debug.runTo"), keys: ["Ctrl+F10"], why: nothing ?? (debugging.isPaused ? undefined : t("debug.notPaused")), run: () => debugging.command("runTo", place) },
    { id: "runFrom", text: t("debug.runFrom"), keys: ["Alt+F5"], why: nothing ?? whyNoBeginning, run: () => begin(parts, { startAt: place }) },
  ];
}

/** Begin a run of the text on the page; who may only read it runs what is published. */
function begin({ state, isReadOnly, look, debugging }: Parts, beginning: Beginning): void {
  if (isReadOnly) look.open({ kind: "run" });
  else if (state.inputs.length > 0) look.open({ kind: "inputs", beginning });
  else debugging.begin(beginning);
}

function whyNoRun({ errors, isReadOnly, isStale, debugging }: Parts): string | undefined {
  if (isReadOnly) return undefined;
  if (errors > 0 || isStale) return t("desktop.hasErrors", { count: errors });
  return debugging.hasNoMachine ? t("debug.noMachine") : undefined;
}
