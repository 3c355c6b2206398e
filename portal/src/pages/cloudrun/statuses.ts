import type { ManagedStatus } from "@/api/management";
import type { RunStatus } from "@/api/portal";

const SHOWN: Readonly<Record<ManagedStatus, RunStatus>> = {
  Running: "Running",
  Waiting: "Queued",
  Succeeded: "Succeeded",
  Failed: "Failed",
  Cancelled: "Canceled",
  TimedOut: "Timed out",
  Aborted: "Failed",
  Skipped: "Skipped",
  Ignored: "Skipped",
  Suspended: "Paused",
  Paused: "Paused",
};

/** The one word that people read, for a status of the management API. */
export function shownStatus(status: ManagedStatus): RunStatus {
  return SHOWN[status];
}
