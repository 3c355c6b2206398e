/** Why a run waits, as a sentence. */
import type { WaitInfo, WaitReason } from "@/api/portal";
import { t, type TextKey } from "@/strings/text";

const REASONS: Readonly<Record<WaitReason, TextKey>> = {
  starting: "wait.starting",
  next: "wait.next",
  noMachine: "wait.noMachine",
  groupInactive: "wait.groupInactive",
  disconnected: "wait.disconnected",
  maintenance: "wait.maintenance",
  sessionsBusy: "wait.sessionsBusy",
  personBusy: "wait.personBusy",
  behind: "wait.behind",
};

/** “Sessions 3/3 of FIN-02, FIN-03 are in use.” `since` is how people read the instant that it is so from. */
export function waitSentence(wait: WaitInfo, group: string, since: string | undefined): string {
  const key = REASONS[wait.reason];
  const machines = wait.machines.join(", ") || group;
  const sentence = t(key, { group, machines, used: wait.used, capacity: wait.capacity, ahead: Math.max(0, wait.position - 1) });
  return since === undefined || wait.since === null ? sentence : `${sentence.replace(/\.$/, "")}, ${t("wait.since", { time: since })}.`;
}
