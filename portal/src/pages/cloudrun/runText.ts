/** What became of a run of a cloud flow, in a sentence. */
import type { ManagedRun } from "@/api/management";
import { duration } from "@/format/duration";
import { t } from "@/strings/text";

export function runText({ properties }: ManagedRun): string {
  const { status, startTime, endTime, error, waiting = [], actions = {} } = properties;
  if (status === "Succeeded" && endTime !== undefined) return t("cloudRun.succeeded", { ran: duration(Date.parse(endTime) - Date.parse(startTime)) });
  const failed = Object.entries(actions).find(([, action]) => (action.status === "Failed" || action.status === "TimedOut") && action.error !== undefined);
  if (status === "Failed" || status === "TimedOut" || status === "Aborted") {
    if (failed !== undefined) return t("cloudRun.failedAction", { action: failed[0], message: failed[1].error?.message ?? "" });
    return error?.message ?? t(status === "TimedOut" ? "headline.timedOut" : "headline.failed");
  }
  if (status === "Cancelled") return error?.message ?? t("headline.canceled");
  if (status === "Skipped" || status === "Ignored") return error?.message ?? t("headline.skipped");
  return waiting.length > 0 ? waiting.map((one) => one.message).join(" ") : t("cloudRun.running");
}
