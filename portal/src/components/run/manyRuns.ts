/** Does one thing with each of many runs, and tells of each what happened. */
import { request } from "@/api/client";
import { flowAddress, runAddress } from "@/api/management";
import type { RunRow, RunStatus } from "@/api/portal";
import { cancelRun, isOpen } from "./cancelRuns";

export type RunVerb = "cancel" | "resubmit" | "resume";

/** What became of one run: the name of the run that goes on from it, or why nothing did. */
export type Told = { readonly made: string | null } | { readonly problem: string };

const BROKEN: ReadonlySet<RunStatus> = new Set(["Failed", "Timed out", "Canceled"]);

/** Those of some runs with which something can be done. */
export function fitting(verb: RunVerb, runs: readonly RunRow[]): readonly RunRow[] {
  if (verb === "cancel") return runs.filter((run) => isOpen(run) && run.status !== "Canceling");
  const ended = runs.filter((run) => run.kind === "cloud" && !isOpen(run));
  return verb === "resume" ? ended.filter((run) => BROKEN.has(run.status)) : ended;
}

/** Do it with each run, one after the other, until it is stopped; one that refuses does not keep the others. */
export async function withEach(runs: readonly RunRow[], act: (run: RunRow) => Promise<string | null>, onTold: (run: RunRow, told: Told) => void, signal: AbortSignal): Promise<void> {
  for (const run of runs) {
    if (signal.aborted) return;
    onTold(run, await act(run).then((made) => ({ made }), (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) })));
  }
}

interface Repeated {
  readonly value: readonly { readonly run?: { readonly name: string }; readonly error?: { readonly message: string } }[];
}

/** Do it with one run; the name of the run that was started, if one was. */
export async function actOn(verb: RunVerb, run: RunRow): Promise<string | null> {
  if (verb === "cancel") {
    await cancelRun(run);
    return null;
  }
  const flowId = run.flowId ?? "";
  const name = run.name ?? "";
  if (verb === "resume") return (await request<{ name: string }>(`${runAddress(flowId, name)}/resubmit`, { method: "POST", body: {} })).name;
  const [told] = (await request<Repeated>(`${flowAddress(flowId)}/resubmitRuns`, { method: "POST", body: { runs: [name] } })).value;
  if (told?.error !== undefined) throw new Error(told.error.message);
  return told?.run?.name ?? null;
}
