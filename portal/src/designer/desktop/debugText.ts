/** What the run of the designer does now: the status line and the pane below say it in the same words. */
import type { DebugInfo } from "@/api/portal";
import type { Rule } from "@/designer/model/desktop/breakpoints";
import type { Status } from "@/components/StatusBadge";
import { t, type TextKey } from "@/strings/text";
import type { Debugging } from "./useDebugging";

const REASONS: Readonly<Record<NonNullable<DebugInfo["reason"]>, TextKey>> = {
  breakpoint: "debug.reason.breakpoint",
  step: "debug.reason.step",
  pause: "debug.reason.pause",
  entry: "debug.reason.entry",
  error: "debug.reason.error",
  runTo: "debug.reason.runTo",
};

export interface Doing {
  readonly status: Status;
  readonly text: string;
}

type Followed = Pick<Debugging, "isOpen" | "state"> & { readonly run: { readonly details: { readonly run: { readonly status: Status } } | undefined } };

/** What a breakpoint does, for those who hear it, and on its dot. */
export function ruleText({ condition, hits, log }: Rule): string {
  const parts = [condition !== null && t("debug.when", { condition }), hits !== null && t("debug.fromHit", { hits }), log !== null && t("debug.logs", { text: log })].filter(Boolean);
  return [t("debug.breakpoint"), ...parts].join(" ");
}

/** How the dot of a breakpoint looks. */
export function dotOf(rule: Rule): "pauses" | "asks" | "logs" {
  if (rule.log !== null) return "logs";
  return rule.condition === null && rule.hits === null ? "pauses" : "asks";
}

/** What an open run does; it changes when the run pauses or goes on, not with each row. */
export function doing({ isOpen, state, run }: Followed): Doing | undefined {
  if (!isOpen) return undefined;
  const status = run.details?.run.status ?? "Queued";
  if (status === "Canceling") return { status, text: t("debug.canceling") };
  if (state?.state === "pausing") return { status: "Running", text: t("debug.pausing") };
  if (state?.state === "paused" && state.place !== null) {
    const place = t("desktop.place", { subflow: state.place.subflow, number: state.place.row });
    return { status: "Paused", text: t("debug.pausedAt", { place, reason: state.reason === null ? "" : t(REASONS[state.reason]) }) };
  }
  const runs = state === undefined ? status === "Running" : state.state !== "waiting";
  return runs ? { status: "Running", text: t("debug.running") } : { status: "Queued", text: t("debug.waiting") };
}
