/** A run as a text that can be given away: ids, versions, what failed; no values. */
import type { ActionRow, RunDetails } from "@/api/portal";

const LAST = 10;

export function supportText({ run, error, agentVersion, correlationId }: RunDetails, actions: readonly ActionRow[], version: string): string {
  const lines = [
    `Deskhand ${version}, agent ${agentVersion ?? "unknown"}`,
    `run ${run.id}`,
    `flow ${run.flowId ?? "unknown"}`,
    `machine ${run.machineId ?? "none"}`,
    `correlation ${correlationId ?? "none"}`,
    `status ${run.status}`,
    `requested ${run.requestedOn}, started ${run.startedOn ?? "never"}, ended ${run.completedOn ?? "not yet"}`,
    ...(error === null ? [] : [`error ${error.code ?? ""} at ${error.subflow ?? ""} ${error.line ?? ""} ${error.action ?? ""}`.trimEnd()]),
    ...actions.slice(-LAST).map((row) => `${row.subflow} ${row.line} ${row.action} ${row.status} ${row.durationMs} ms`),
  ];
  return `${lines.join("\n")}\n`;
}
