/** What became of a run, in a sentence. */
import type { RunDetails } from "@/api/portal";
import { waitSentence } from "@/components/run/waiting";
import { duration } from "@/format/duration";
import { isolated } from "@/strings/message";
import { t } from "@/strings/text";

const MOST_OUTPUTS = 3;
const LONGEST = 60;

/** The sentence; `wrote` writes an instant as people read it. */
export function headline(details: RunDetails, wrote: (at: string) => string): string {
  const { run, error, waiting } = details;
  const group = run.group ?? "";
  const machine = run.machine ?? group;
  switch (run.status) {
    case "Succeeded":
      return [succeeded(details), outputs(details)].filter((one) => one !== "").join(" ");
    case "Failed":
    case "Timed out":
      return failed(details);
    case "Running":
      return t("headline.running", { machine });
    case "Canceling":
      return t("headline.canceling", { machine });
    case "Canceled":
      return error?.message ?? t("headline.canceled");
    case "Skipped":
      return error?.message ?? t("headline.skipped");
    default:
      return waiting === null ? t("headline.queued") : waitSentence(waiting, group, waiting.since === null ? undefined : wrote(waiting.since));
  }
}

function succeeded({ run }: RunDetails): string {
  const ran = duration(run.runMs ?? 0);
  return (run.waitMs ?? 0) >= 1000
    ? t("headline.succeededAfter", { ran, waited: duration(run.waitMs ?? 0) })
    : t("headline.succeeded", { ran });
}

function outputs({ outputs: all }: RunDetails): string {
  const shown = (all ?? []).filter((one) => !one.sensitive).slice(0, MOST_OUTPUTS);
  return shown.map((one) => `${one.name} = ${short(one.value)}.`).join(" ");
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return isolated(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function failed({ run, error }: RunDetails): string {
  const message = error?.message ?? t(run.status === "Timed out" ? "headline.timedOut" : "headline.failed");
  if (error?.subflow == null || error.line === null) return message;
  return t("headline.failedAt", { place: `${error.subflow} ${error.line}`, action: error.action ?? "", message });
}
