/** What exports are called. */
import type { ExportForm } from "@/api/portal";

/** A name that a solution can have, made from a flow's: a letter, then letters, digits and underscores. */
export function solutionNameOf(flow: string): string {
  return flow.replace(/[^A-Za-z0-9_]/g, "").replace(/^[0-9_]+/, "") || "Flows";
}

/** The command that exports the same. */
export function exportCommand(flows: readonly { readonly id: string }[], form: ExportForm, solution: string): string {
  const how = { text: "", folder: " --folder", solution: ` --solution ${solution}` }[form];
  return `deskhand flow export ${flows.map((one) => one.id).join(" ")}${how}`;
}
