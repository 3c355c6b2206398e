/** Reads a run's action log as far as it is looked at, and follows it while the run goes on. */
import { useCallback, useEffect, useRef, useState } from "react";
import { changes } from "@/api/changes";
import { portal, type ActionPage, type LogMatches } from "@/api/portal";
import { NOTHING, begin, newerThan, withNewer, withOlder, type ActionRange, type LogPart } from "./actionLog";

const BEYOND_THE_END = 2_147_483_647;

export type Order = "newest" | "oldest";

export interface ActionLog {
  readonly range: ActionRange;
  readonly found: LogMatches | null;
  readonly isLoading: boolean;
  readonly error: Error | undefined;
  readonly loadOlder: () => void;
  readonly loadNewer: () => void;
  readonly retry: () => void;
}

interface Asked {
  readonly after?: number;
  readonly before?: number;
}

interface Reading {
  readonly runId: string;
  readonly order: Order;
  /** What of the log; the same object as long as that is the same. */
  readonly part: LogPart;
  /** The greatest index that the run's page knows of. */
  readonly lastAction: number;
  /** How many rows are read at a time. */
  readonly pageSize?: number;
}

export function useActionLog({ runId, order, part, lastAction, pageSize = 500 }: Reading): ActionLog {
  const [range, setRange] = useState<ActionRange>();
  const [error, setError] = useState<Error>();
  const [attempt, setAttempt] = useState(0);
  const current = useRef<ActionRange>(undefined);
  const busy = useRef(false);

  const ask = useCallback(
    (asked: Asked, signal?: AbortSignal): Promise<ActionPage> =>
      portal("GET /desktopruns/{runId}/actions", {
        path: { runId },
        query: { limit: pageSize, ...asked, ...(part as object) },
        signal,
      }),
    [runId, part, pageSize],
  );
  const take = useCallback((next: ActionRange) => {
    current.current = next;
    setRange(next);
    setError(undefined);
  }, []);
  const fail = useCallback((problem: unknown) => setError(problem instanceof Error ? problem : new Error(String(problem))), []);

  useEffect(() => {
    const cancel = new AbortController();
    current.current = undefined;
    const asked = order === "newest" ? { before: BEYOND_THE_END } : { after: -1 };
    ask(asked, cancel.signal).then(
      (page) => take(begin(page, order === "newest" ? "end" : "start")),
      (problem: unknown) => {
        if (!cancel.signal.aborted) fail(problem);
      },
    );
    return () => cancel.abort();
  }, [ask, order, attempt, take, fail]);

  const extend = useCallback(
    (asked: Asked, join: (range: ActionRange, page: ActionPage) => ActionRange) => {
      const before = current.current;
      if (before === undefined || busy.current) return;
      busy.current = true;
      ask(asked)
        .then((page) => {
          if (current.current === before) take(join(before, page));
        }, fail)
        .finally(() => {
          busy.current = false;
        });
    },
    [ask, take, fail],
  );
  const loadOlder = useCallback(() => {
    const first = current.current?.rows[0];
    if (first !== undefined && current.current?.hasOlder === true) extend({ before: first.index }, withOlder);
  }, [extend]);
  const loadNewer = useCallback(() => extend({ after: newerThan(current.current ?? NOTHING) }, withNewer), [extend]);

  useEffect(() => changes.watchRun(runId), [runId]);
  useEffect(() => {
    const follow = () => {
      if (current.current?.hasNewer === false) loadNewer();
    };
    return changes.onChange((changed) => {
      if (changed === "everything" || changed.actions !== undefined) follow();
    });
  }, [loadNewer]);
  useEffect(() => {
    // The run's page may know of rows before the channel tells of them, and does so when the run ends.
    const known = current.current?.rows.at(-1)?.index ?? -1;
    if (current.current?.hasNewer === false && lastAction > known) loadNewer();
  }, [lastAction, loadNewer]);

  return { range: range ?? NOTHING, found: range?.found ?? null, isLoading: range === undefined, error, loadOlder, loadNewer, retry: () => setAttempt(attempt + 1) };
}
