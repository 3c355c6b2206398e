/** A run's time line. */
import type { RunDetails } from "@/api/portal";

export interface Segment {
  readonly kind: "waited" | "checked" | "ran";
  /** When it began, in milliseconds. */
  readonly from: number;
  readonly length: number;
  /** Its part of the whole, from 0 to 1. */
  readonly share: number;
}

/** The parts of a run up to now, or up to its end. */
export function segments({ run, queue }: Pick<RunDetails, "run" | "queue">, now: number): readonly Segment[] {
  const requested = time(run.requestedOn);
  const started = run.startedOn === null ? undefined : time(run.startedOn);
  const completed = run.completedOn === null ? undefined : time(run.completedOn);
  const assigned = queue.findLast((event) => event.kind === "RunQueueAssigned");
  const end = completed ?? Math.max(now, started ?? requested);
  const handed = Math.min(assigned === undefined ? (started ?? end) : time(assigned.at), started ?? end);
  const marks: readonly (readonly [Segment["kind"], number, number])[] = [
    ["waited", requested, handed],
    ["checked", handed, started ?? end],
    ["ran", started ?? end, end],
  ];
  const whole = Math.max(1, end - requested);
  return marks
    .filter(([kind, from, to]) => to > from || (kind === "ran" && started !== undefined))
    .map(([kind, from, to]) => ({ kind, from, length: to - from, share: (to - from) / whole }));
}

function time(at: string): number {
  return new Date(at).getTime();
}
