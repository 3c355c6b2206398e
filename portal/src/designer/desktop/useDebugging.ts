/** Runs the text that is on the page, and pauses, steps and looks into that run. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type DebugInfo, type DebugVerb, type UsableConnection, type UsableMachines } from "@/api/portal";
import type { PlacedBreakpoint, RowPlace } from "@/designer/model/desktop/breakpoints";
import type { Document } from "@/designer/model/desktop/document";
import { remember, remembered } from "@/preferences/remembered";
import { useBreakpoints, type Breakpoints } from "./useBreakpoints";
import { useRun, type FollowedRun } from "./useRun";

/** How often it is said that somebody looks at a run, so that a paused one is not taken for forgotten. */
const LOOK = 60_000;
/** How often, and after how many milliseconds, it is looked whether the run took a value. */
const TRIES = 50;
const PAUSE = 200;

/** How a run begins. */
export interface Beginning {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly stopOnEntry?: boolean;
  readonly startAt?: RowPlace;
}

export interface Debugging {
  readonly run: FollowedRun;
  /** Where the run stands; undefined before the first one. */
  readonly state: DebugInfo | undefined;
  readonly isOpen: boolean;
  readonly isPaused: boolean;
  readonly error: Error | null;
  readonly breakpoints: Breakpoints;
  readonly connections: readonly UsableConnection[];
  readonly connection: string | null;
  /** Whether it is known that there is no machine to run on. */
  readonly hasNoMachine: boolean;
  readonly choose: (connection: string) => void;
  readonly delay: number;
  readonly setDelay: (delay: number) => void;
  readonly begin: (beginning: Beginning) => void;
  /** Follow a run that was begun otherwise. */
  readonly follow: (runId: string) => void;
  /** End the run; one that is just being asked for ends as soon as it is there. */
  readonly stop: () => void;
  readonly command: (command: DebugVerb, place?: RowPlace) => void;
  readonly setVariable: (name: string, value: string) => Promise<void>;
}

interface Wanted {
  readonly flowId: string;
  readonly text: string;
  readonly document: Document;
  readonly onBegun: () => void;
}

export function useDebugging({ flowId, text, document, onBegun }: Wanted): Debugging {
  const [runId, setRunId] = useState<string>();
  const [isDebugged, setDebugged] = useState(false);
  const run = useRun(runId);
  const breakpoints = useBreakpoints(flowId, document);
  const machines = useMachines(flowId);
  const [delay, keepDelay] = useState(() => remembered("runDelay", 0));
  const debugged = isDebugged ? runId : undefined;
  const path = { runId: debugged ?? "" };
  const found = useQuery({
    ...endpointQuery("GET /desktopruns/{runId}/debug", { path }, { topics: ["debug", "runs"], id: debugged ?? "" }),
    enabled: debugged !== undefined,
  });
  const state = debugged === undefined ? undefined : found.data;
  const isOpen = run.isOpen;

  const unwanted = useRef(false);
  const start = useMutation({
    mutationFn: async ({ inputs = {}, stopOnEntry = false, startAt }: Beginning) =>
      portal("POST /desktopflows/{flowId}/debug", {
        path: { flowId },
        body: { text, inputs, connection: await machines.find(), breakpoints: [...breakpoints.places], stopOnEntry, startAt: startAt ?? null, delayMs: delay },
      }),
    onMutate: () => {
      unwanted.current = false;
    },
    onSuccess: (begun) => {
      setRunId(begun.runId);
      if (unwanted.current) run.stop(begun.runId);
      setDebugged(true);
      onBegun();
    },
  });
  const order = useMutation({
    mutationFn: ({ command, place }: { readonly command: DebugVerb; readonly place?: RowPlace | undefined }) =>
      portal("POST /desktopruns/{runId}/debug/command", { path, body: { command, subflow: place?.subflow ?? null, row: place?.row ?? null } }),
    onSettled: () => found.refetch(),
  });
  const slow = useMutation({ mutationFn: (delayMs: number) => portal("PUT /desktopruns/{runId}/debug/delay", { path, body: { delayMs } }) });
  const tell = useMutation({
    mutationFn: (places: readonly PlacedBreakpoint[]) => portal("PUT /desktopruns/{runId}/debug/breakpoints", { path, body: { breakpoints: [...places] } }),
  });
  const isDebugging = debugged !== undefined && isOpen;
  useLooking(isDebugging ? debugged : undefined);
  useTellingChanges(isDebugging, breakpoints.places, tell.mutate);

  return {
    run,
    state,
    isOpen: isOpen || start.isPending,
    isPaused: isOpen && state?.state === "paused",
    error: start.error ?? order.error ?? slow.error ?? tell.error ?? run.error,
    breakpoints,
    connections: machines.connections,
    connection: machines.connection,
    hasNoMachine: machines.hasNone,
    choose: machines.choose,
    delay,
    setDelay: (next) => {
      keepDelay(next);
      remember("runDelay", next);
      if (isDebugging) slow.mutate(next);
    },
    begin: (beginning) => {
      if (!isOpen && !start.isPending) start.mutate(beginning);
    },
    follow: (id) => {
      setRunId(id);
      setDebugged(false);
      onBegun();
    },
    stop: () => {
      if (start.isPending) unwanted.current = true;
      else if (runId !== undefined) run.stop(runId);
    },
    command: (command, place) => order.mutate({ command, place }),
    setVariable: async (name, value) => {
      const { sequence } = await portal("PUT /desktopruns/{runId}/debug/variables/{name}", { path: { ...path, name }, body: { value } });
      for (let tries = 0; tries < TRIES; tries++) {
        const { data } = await found.refetch();
        if (data === undefined || data.obeyed >= sequence || data.state === "ended") {
          if (data?.notice?.sequence === sequence) throw new Error(data.notice.message);
          return;
        }
        await new Promise((resolve) => window.setTimeout(resolve, PAUSE));
      }
    },
  };
}

/** The machines that the flow may run on, and the one that was chosen for it in this browser. */
function useMachines(flowId: string) {
  const form = useQuery(endpointQuery("GET /desktopflows/{flowId}/machines", { path: { flowId } }, { topics: ["machines", "groups"] }));
  const [chosen, setChosen] = useState(() => remembered<string | null>(`machine.${flowId}`, null));
  const connection = connectionOf(form.data, chosen);
  return {
    connections: form.data?.connections ?? [],
    connection,
    hasNone: form.isFetched && connection === null,
    /** The machine; whoever asks before the machines have come waits for them. */
    find: async () => connection ?? connectionOf((await form.refetch({ cancelRefetch: false })).data, chosen),
    choose: (connection: string) => {
      setChosen(connection);
      remember(`machine.${flowId}`, connection);
    },
  };
}

function connectionOf(machines: UsableMachines | undefined, chosen: string | null): string | null {
  const isUsable = machines?.connections.some((one) => one.name === chosen) === true;
  return isUsable ? chosen : (machines?.connection ?? machines?.connections[0]?.name ?? null);
}

/** Says that somebody looks at a run, as long as its page is in front. */
function useLooking(runId: string | undefined): void {
  useEffect(() => {
    if (runId === undefined) return;
    const look = () => {
      // What cannot be said now is said the next time.
      if (document.visibilityState === "visible") portal("POST /desktopruns/{runId}/debug/watch", { path: { runId } }).catch(() => undefined);
    };
    const timer = window.setInterval(look, LOOK);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [runId]);
}

/** Tells a run of breakpoints that were changed since it began. */
function useTellingChanges(isOn: boolean, places: readonly PlacedBreakpoint[], tell: (places: readonly PlacedBreakpoint[]) => void): void {
  const told = useRef<string>(undefined);
  useEffect(() => {
    const now = JSON.stringify(places);
    if (isOn && told.current !== undefined && told.current !== now) tell(places);
    told.current = isOn ? now : undefined;
  }, [isOn, places, tell]);
}
