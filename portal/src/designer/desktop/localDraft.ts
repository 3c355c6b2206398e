/** What was changed and not saved, kept in this browser so that a closed tab costs nothing. */
import { remember, remembered } from "@/preferences/remembered";

export interface LocalDraft {
  readonly text: string;
  /** The version that it was made from. */
  readonly version: number;
}

const name = (flowId: string) => `draft.${flowId}`;

export function localDraft(flowId: string): LocalDraft | null {
  return remembered<LocalDraft | null>(name(flowId), null);
}

export function keepDraft(flowId: string, draft: LocalDraft): void {
  remember(name(flowId), draft);
}

export function forgetDraft(flowId: string): void {
  remember(name(flowId), null);
}
