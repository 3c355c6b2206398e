/** Follows a run of the flow that is open: what became of each row, as it happens. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { changes } from "@/api/changes";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type ActionRow, type RunDetails } from "@/api/portal";
import { isOpen } from "@/components/run/cancelRuns";
import type { Document } from "@/designer/model/desktop/document";
import { duration } from "@/format/duration";
import { t } from "@/strings/text";
import type { Debugging } from "./useDebugging";
import type { RowMark } from "./Workspace";

const NEWEST = 500;
const BEYOND_THE_END = 2_147_483_647;

export interface FollowedRun {
  readonly details: RunDetails | undefined;
  readonly actions: readonly ActionRow[];
  readonly isOpen: boolean;
  readonly marks: ReadonlyMap<string, RowMark>;
  readonly stop: (runId: string) => void;
  /** Why it could not be stopped. */
  readonly error: Error | null;
}

/** The newest actions of a run, and the marks of rows by subflow and number. */
export function useRun(runId: string | undefined): FollowedRun {
  const details = useQuery({
    ...endpointQuery("GET /desktopruns/{runId}", { path: { runId: runId ?? "" } }, { topics: ["runs", "queue"] }),
    enabled: runId !== undefined,
  });
  const [heard, setHeard] = useState(0);
  useEffect(() => (runId === undefined ? undefined : changes.watchRun(runId)), [runId]);
  useEffect(
    () =>
      changes.onChange((changed) => {
        if (changed === "everything" || changed.actions !== undefined) setHeard((before) => before + 1);
      }),
    [],
  );
  const log = useQuery({
    queryKey: ["run of the designer", runId, heard, details.data?.lastAction, details.data?.run.status],
    queryFn: ({ signal }) => portal("GET /desktopruns/{runId}/actions", { path: { runId: runId ?? "" }, query: { before: BEYOND_THE_END, limit: NEWEST }, signal }),
    enabled: runId !== undefined,
    placeholderData: (before) => before,
  });
  const running = details.data !== undefined && isOpen(details.data.run);
  const actions = useMemo(() => (runId === undefined ? [] : (log.data?.items ?? [])), [log.data, runId]);
  const marks = useMemo(() => marksOf(actions, running), [actions, running]);
  const stop = useMutation({ mutationFn: (id: string) => portal("POST /desktopruns/{runId}/cancel", { path: { runId: id } }) });
  return {
    details: runId === undefined ? undefined : details.data,
    actions,
    isOpen: runId !== undefined && (running || details.data === undefined),
    marks,
    stop: stop.mutate,
    error: stop.error,
  };
}

function marksOf(actions: readonly ActionRow[], running: boolean): ReadonlyMap<string, RowMark> {
  const marks = new Map<string, RowMark>();
  for (const one of actions) {
    if (one.kind !== "action") continue;
    const failed = one.error !== null;
    marks.set(placeOf(one.subflow, one.line), { state: failed ? "failed" : "succeeded", text: failed ? (one.error ?? "") : duration(one.durationMs) });
  }
  const last = actions.findLast((one) => one.kind === "action");
  if (running && last !== undefined && last.error === null) marks.set(placeOf(last.subflow, last.line), { state: "running", text: duration(last.durationMs) });
  return marks;
}

function placeOf(subflow: string, number: number): string {
  return `${subflow.toLowerCase()} ${number}`;
}

/** The marks of a subflow's rows by their keys: what became of them, and where the run is now. */
export function rowMarks({ run, state, isOpen, isPaused }: Debugging, document: Document, name: string): ReadonlyMap<number, RowMark> {
  const here = isOpen && state?.place != null ? placeOf(state.place.subflow, state.place.row) : undefined;
  const hereMark: RowMark = isPaused ? { state: state?.reason === "error" ? "failed" : "paused", text: t("debug.isPaused") } : { state: "running", text: "" };
  const rows = document.subflows.find((one) => one.name === name)?.rows ?? [];
  return new Map(
    rows.flatMap((row): [number, RowMark][] => {
      const place = placeOf(name, row.number);
      const before = run.marks.get(place);
      const mark = place === here ? hereMark : before?.state === "running" && here !== undefined ? { ...before, state: "succeeded" as const } : before;
      return mark === undefined ? [] : [[row.key, mark]];
    }),
  );
}
