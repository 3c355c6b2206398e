/** The lists behind the numbers of a machine. */
import type { MachineActivity } from "@/api/portal";
import { addressOf } from "@/components/addresses";

export interface MachineLists {
  readonly runs: string | undefined;
  readonly failed: string | undefined;
  readonly now: string | undefined;
  readonly queued: string | undefined;
}

/** The addresses of the lists of a machine; none where a list is empty. `period` narrows what is over. */
export function listsOf({ machine, runs, failed }: Pick<MachineActivity, "machine" | "runs" | "failed">, period: string): MachineLists {
  const of = (count: number, address: string, query: Readonly<Record<string, string>>) =>
    count === 0 ? undefined : `${address}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""))}`;
  const mine = { machine: machine.id, within: period };
  return {
    runs: of(runs, addressOf.desktopRuns, mine),
    failed: of(failed, addressOf.desktopRuns, { ...mine, status: "Failed,Timed out" }),
    now: of(machine.running, addressOf.desktopRuns, { machine: machine.id, status: "Next to run,Running,Canceling,Paused" }),
    queued: of(machine.queued, addressOf.queue, { group: machine.groupId ?? "" }),
  };
}
