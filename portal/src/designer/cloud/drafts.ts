/** Changes that were not saved yet, kept in this browser so that they survive a closed tab. */
import type { FlowDocument as StoredFlow } from "@/api/portal";

export interface Draft {
  readonly text: string;
  readonly version: number;
  readonly kept: string;
}

const place = (flowId: string) => `deskhand.cloudflow.${flowId}`;

export function readDraft(flow: StoredFlow): Draft | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(place(flow.id)) ?? "null") as Draft | null;
    if (found === null || !flow.mayChange || found.text === flow.document) return undefined;
    JSON.parse(found.text);
    return found;
  } catch {
    return undefined;
  }
}

export function keepDraft(flow: StoredFlow, text: string): void {
  const draft: Draft = { text, version: flow.version, kept: new Date().toISOString() };
  try {
    localStorage.setItem(place(flow.id), JSON.stringify(draft));
  } catch {
    // The browser's store is full or closed: the tab itself still holds the changes, and asks before it closes.
  }
}

export function dropDraft(flowId: string): void {
  localStorage.removeItem(place(flowId));
}
