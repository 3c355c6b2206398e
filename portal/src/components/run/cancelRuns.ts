import { request } from "@/api/client";
import { runAddress } from "@/api/management";
import { portal, type RunRow, type RunStatus } from "@/api/portal";

const OPEN: ReadonlySet<RunStatus> = new Set(["Queued", "Next to run", "Running", "Canceling", "Paused"]);

/** Whether a run has not ended. */
export function isOpen({ status }: Pick<RunRow, "status">): boolean {
  return OPEN.has(status);
}

/** Cancel one run, of whichever kind. */
export function cancelRun(run: Pick<RunRow, "kind" | "id" | "flowId" | "name">): Promise<unknown> {
  if (run.kind === "desktop") return portal("POST /desktopruns/{runId}/cancel", { path: { runId: run.id } });
  return request(`${runAddress(run.flowId ?? "", run.name ?? "")}/cancel`, { method: "POST" });
}
