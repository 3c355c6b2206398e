/** What can be done about a run that failed. */
import type { RunDetails } from "@/api/portal";
import { isolated } from "@/strings/message";
import { t, type TextKey } from "@/strings/text";

/** What to do by the code of an error. Codes: machines-and-runs 3.4. */
const BY_CODE: Readonly<Record<string, TextKey>> = {
  AgentNotReachable: "remedy.lost",
  NoCandidateMachine: "remedy.noMachine",
  XrmMachineGroupNotFound: "remedy.noGroup",
  DesktopFlowsActionTimeout: "remedy.timeout",
  ExpiredDesktopFlowConnection: "remedy.connection",
  WindowsIdentityIncorrect: "remedy.connection",
};

/** A value shorter than this is found by chance. */
const LEAST = 3;

/** Sentences that help on, the nearest first; none where nothing is known. */
export function remedies({ run, error, inputs, lastAction }: Pick<RunDetails, "run" | "error" | "inputs" | "lastAction">): readonly string[] {
  if (error === null) return [];
  const known = BY_CODE[error.code ?? ""];
  const named = inputs.find(({ value, sensitive }) => !sensitive && typeof value === "string" && value.length >= LEAST && (error.message ?? "").includes(value));
  return [
    ...(known === undefined ? [] : [t(known, { machine: run.machine ?? run.group ?? "", group: run.group ?? "" })]),
    ...(error.code === "AgentNotReachable" && lastAction >= 0 ? [t("remedy.lostLog")] : []),
    ...(named === undefined ? [] : [t("remedy.input", { value: isolated(named.value as string), input: named.name })]),
  ];
}
