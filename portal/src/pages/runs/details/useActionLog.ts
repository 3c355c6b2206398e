/** Reads a run's action log, or the rounds of a loop, as far as it is looked at, and follows it while the run goes on. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { changes } from "@/api/changes";
import { portal, type ActionRow, type LogMatches, type LoopRound } from "@/api/portal";
import { begin, goesOn, newerThan, withNewer, withOlder, type LogPage, type LogPart, type LogRange } from "./actionLog";

const BEYOND_THE_END = 2_147_483_647;

export type Order = "newest" | "oldest";

export interface LogReader<T> {
  readonly range: LogRange<T>;
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

const NOTHING = { rows: [], hasOlder: false, hasNewer: false, found: null };

/** Where the items of a log come from. */
interface Source<T> {
  readonly ask: (asked: Asked, signal?: AbortSignal) => Promise<LogPage<T>>;
  /** Whether what was read of an item may have changed since. */
  readonly mayChange: (item: T, isLast: boolean) => boolean;
}

interface Place {
  readonly runId: string;
  readonly order: Order;
  /** The greatest index that the run's page knows of. */
  readonly lastAction: number;
  /** How many are read at a time. */
  readonly pageSize?: number;
}

/** Read the rows of a part of the log; it is the same object as long as that is the same. */
export function useActionLog({ part, pageSize = 500, ...place }: Place & { readonly part: LogPart }): LogReader<ActionRow> {
  const { runId } = place;
  const source = useMemo<Source<ActionRow>>(
    () => ({
      ask: (asked, signal) => portal("GET /desktopruns/{runId}/actions", { path: { runId }, query: { limit: pageSize, ...asked, ...(part as object) }, signal }),
      mayChange: goesOn,
    }),
    [runId, part, pageSize],
  );
  return useLog(source, place);
}

/** Read the rounds of a loop. */
export function useLoopRounds({ loop, onlyFailed, pageSize = 200, ...place }: Place & { readonly loop: number; readonly onlyFailed: boolean }): LogReader<LoopRound> {
  const { runId } = place;
  const source = useMemo<Source<LoopRound>>(
    () => ({
      ask: (asked, signal) => portal("GET /desktopruns/{runId}/actions/rounds", { path: { runId }, query: { loop, failed: onlyFailed, limit: pageSize, ...asked }, signal }),
      mayChange: (_, isLast) => isLast,
    }),
    [runId, loop, onlyFailed, pageSize],
  );
  return useLog(source, place);
}

function useLog<T extends { readonly index: number }>({ ask, mayChange }: Source<T>, { runId, order, lastAction }: Place): LogReader<T> {
  const [range, setRange] = useState<LogRange<T>>();
  const [error, setError] = useState<Error>();
  const [attempt, setAttempt] = useState(0);
  const current = useRef<LogRange<T>>(undefined);
  const busy = useRef(false);

  const take = useCallback((next: LogRange<T>) => {
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
    (asked: Asked, join: (range: LogRange<T>, page: LogPage<T>) => LogRange<T>) => {
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
  const loadNewer = useCallback(() => extend({ after: current.current === undefined ? -1 : newerThan(current.current, mayChange) }, withNewer), [extend, mayChange]);

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
