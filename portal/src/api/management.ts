/** The management API of cloud flows: its shapes, as far as pages read them. */
import { request } from "./client";

const FLOWS = "/api/cloudflows/workflows";

export interface ManagedFlow {
  readonly name: string;
  readonly properties: {
    readonly displayName: string;
    readonly state: "Enabled" | "Disabled" | "Suspended";
    readonly createdTime: string;
    readonly changedTime: string;
    readonly definition: { readonly triggers?: Readonly<Record<string, ManagedTriggerDefinition>> };
    readonly connectionReferences: Readonly<Record<string, ManagedReference>>;
  };
}

export interface ManagedTriggerDefinition {
  readonly type?: string;
  readonly kind?: string;
  readonly inputs?: {
    readonly schema?: {
      readonly properties?: Readonly<Record<string, { readonly title?: string; readonly type?: string; readonly description?: string; readonly default?: unknown }>>;
      readonly required?: readonly string[];
    };
  };
}

export interface ManagedReference {
  readonly api?: { readonly name?: string };
  readonly connection?: { readonly connectionReferenceLogicalName?: string; readonly name?: string };
  readonly connectionName?: string;
}

export interface ManagedTrigger {
  readonly name: string;
  readonly properties: { readonly state: string; readonly triggerType: string; readonly status?: string; readonly lastExecutionTime?: string; readonly nextExecutionTime?: string };
}

export type ManagedStatus =
  | "Running"
  | "Waiting"
  | "Succeeded"
  | "Failed"
  | "Cancelled"
  | "TimedOut"
  | "Aborted"
  | "Skipped"
  | "Ignored"
  | "Suspended"
  | "Paused";

/** A link to a content; one that is secured has no address. */
export interface ContentLink {
  readonly uri?: string;
  readonly contentSize?: number;
  readonly secureData?: unknown;
}

export interface Fault {
  readonly code?: string;
  readonly message?: string;
}

export interface WaitingFor {
  readonly reason: string;
  readonly message: string;
  readonly action?: string;
  readonly until?: string;
}

export interface Linked {
  readonly type: string;
  readonly id: string;
  readonly name: string | null;
  readonly status?: string;
}

export interface ManagedAction {
  readonly startTime: string;
  readonly endTime?: string;
  readonly status: ManagedStatus;
  readonly code?: string;
  readonly error?: Fault;
  readonly inputsLink?: ContentLink;
  readonly outputsLink?: ContentLink;
  readonly repetitionCount?: number;
  readonly iterationCount?: number;
  readonly canResubmit?: boolean;
  readonly retryHistory?: readonly unknown[];
  readonly linked?: Linked;
  readonly waiting?: WaitingFor;
}

export interface ManagedRun {
  readonly name: string;
  readonly properties: {
    readonly startTime: string;
    readonly endTime?: string;
    readonly status: ManagedStatus;
    readonly error?: Fault;
    readonly correlation: { readonly clientTrackingId: string };
    readonly trigger: {
      readonly name: string;
      readonly triggerType: string;
      readonly startTime: string;
      readonly originHistoryName: string;
      readonly inputsLink?: ContentLink;
      readonly outputsLink?: ContentLink;
    };
    readonly outputs: Readonly<Record<string, unknown>>;
    readonly waiting?: readonly WaitingFor[];
    readonly actions?: Readonly<Record<string, ManagedAction>>;
    readonly resumedRun?: { readonly name: string };
    readonly isTest?: boolean;
  };
}

export interface Repetition {
  readonly name: string;
  readonly properties: ManagedAction;
}

export interface Listed<Item> {
  readonly value: readonly Item[];
  readonly nextLink?: string;
}

export function flowAddress(flowId: string): string {
  return `${FLOWS}/${encodeURIComponent(flowId)}`;
}

export function runAddress(flowId: string, runName: string): string {
  return `${flowAddress(flowId)}/runs/${encodeURIComponent(runName)}`;
}

/** Read what a link leads to. Only its path counts: contents are on the server that this page came from. */
export function readContent(uri: string, signal?: AbortSignal): Promise<unknown> {
  const { pathname, search } = new URL(uri);
  return request(pathname + search, { signal });
}

/** Read the next page of a list. */
export function readNext<Item>(nextLink: string, signal?: AbortSignal): Promise<Listed<Item>> {
  const { pathname, search } = new URL(nextLink);
  return request(pathname + search, { signal });
}
