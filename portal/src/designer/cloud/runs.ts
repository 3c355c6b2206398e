/** Runs of cloud flows as the management API has them. */
import { queryOptions } from "@tanstack/react-query";
import { request, send } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Status } from "@/components/StatusBadge";
import type { JsonObject } from "@/designer/model/cloud/json";

export interface Link {
  readonly uri?: string;
  readonly secureData?: unknown;
}

export interface RunAction {
  readonly status: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly inputsLink?: Link;
  readonly outputsLink?: Link;
  readonly error?: { readonly code: string; readonly message: string };
  readonly repetitionCount?: number;
  readonly retryHistory?: readonly unknown[];
  readonly linked?: { readonly type?: string; readonly id?: string; readonly name?: string };
  readonly waiting?: { readonly message?: string };
}

export interface CloudRun {
  readonly name: string;
  readonly properties: {
    readonly status: string;
    readonly startTime: string;
    readonly endTime?: string;
    readonly error?: { readonly code: string; readonly message: string };
    readonly trigger: RunAction & { readonly name: string };
    readonly actions?: Readonly<Record<string, RunAction>>;
    readonly workflow?: { readonly properties?: { readonly definition?: JsonObject } };
    readonly canResubmit?: boolean;
  };
}

interface Listed<Item> {
  readonly value: readonly Item[];
  readonly nextLink?: string;
}

export interface Repetition {
  readonly name: string;
  readonly properties: RunAction;
}

const base = (flowId: string) => `/api/cloudflows/workflows/${flowId}`;
const RUNNING = ["Running", "Waiting"];
export const isUnderWay = (run: CloudRun | undefined) => run !== undefined && RUNNING.includes(run.properties.status);
const FOLLOW = 700;

export function runQuery(flowId: string, name: string) {
  return queryOptions({
    queryKey: ["cloud run", flowId, name],
    queryFn: ({ signal }) =>
      request<CloudRun>(`${base(flowId)}/runs/${encodeURIComponent(name)}`, {
        query: { $expand: "properties/actions,workflow/properties" },
        signal,
      }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? FOLLOW : false),
    meta: { topics: ["cloudruns"] },
  });
}

export function runsQuery(flowId: string) {
  return queryOptions({
    queryKey: ["cloud runs", flowId],
    queryFn: ({ signal }) => request<Listed<CloudRun>>(`${base(flowId)}/runs`, { query: { $top: 50 }, signal }),
    meta: { topics: ["cloudruns"] },
  });
}

export function repetitionsQuery(flowId: string, run: string, action: string, isOpen: boolean) {
  return queryOptions({
    queryKey: ["cloud repetitions", flowId, run, action],
    queryFn: ({ signal }) =>
      request<Listed<Repetition>>(`${base(flowId)}/runs/${run}/actions/${encodeURIComponent(action)}/repetitions`, {
        query: { $top: 250 },
        signal,
      }),
    refetchInterval: isOpen ? FOLLOW * 2 : false,
  });
}

export function contentQuery(link: Link | undefined) {
  const place = link?.uri === undefined ? "" : new URL(link.uri, location.origin);
  // The signature in the link changes with each answer, and what it leads to does not.
  const key = place === "" ? "" : place.pathname;
  return queryOptions({
    queryKey: ["cloud content", key],
    queryFn: ({ signal }) => request<unknown>(place === "" ? "" : place.pathname + place.search, { signal }),
    enabled: place !== "",
    staleTime: Infinity,
  });
}

/** Try a flow out as it is saved, with what its trigger gets or got in an earlier run; returns the run's name. */
export async function startTest(flowId: string, body: unknown, earlier?: string): Promise<string | undefined> {
  const answer = await send(`${base(flowId)}/test`, { method: "POST", body, ...(earlier === undefined ? {} : { query: { run: earlier } }) });
  if (!answer.ok) throw await problemOf(answer);
  return answer.headers.get("x-ms-workflow-run-id") ?? undefined;
}

export async function resubmitRun(flowId: string, trigger: string, run: string): Promise<string | undefined> {
  const place = `${base(flowId)}/triggers/${encodeURIComponent(trigger)}/histories/${run}/resubmit`;
  const answer = await send(place, { method: "POST", body: {} });
  if (!answer.ok) throw await problemOf(answer);
  return answer.headers.get("x-ms-workflow-run-id") ?? undefined;
}

export async function resumeRun(flowId: string, run: string): Promise<string | undefined> {
  const answer = await send(`${base(flowId)}/runs/${run}/resubmit`, { method: "POST", body: { useCurrentDefinition: true } });
  if (!answer.ok) throw await problemOf(answer);
  return answer.headers.get("x-ms-workflow-run-id") ?? undefined;
}

export async function cancelRun(flowId: string, run: string): Promise<void> {
  const answer = await send(`${base(flowId)}/runs/${run}/cancel`, { method: "POST", body: {} });
  if (!answer.ok) throw await problemOf(answer);
}

/** The portal's one word for a state of a run or an action. */
export function statusOf(status: string): Status {
  switch (status) {
    case "Cancelled":
      return "Canceled";
    case "TimedOut":
      return "Timed out";
    case "Waiting":
    case "Running":
      return "Running";
    case "Succeeded":
    case "Failed":
    case "Skipped":
      return status;
    default:
      return "Queued";
  }
}

export function lengthOf(one: { readonly startTime?: string; readonly endTime?: string }): number | undefined {
  if (one.startTime === undefined || one.endTime === undefined) return undefined;
  return new Date(one.endTime).getTime() - new Date(one.startTime).getTime();
}
