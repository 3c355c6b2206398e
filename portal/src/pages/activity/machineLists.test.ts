import { expect, it } from "vitest";
import type { MachineActivity } from "@/api/portal";
import { listsOf } from "./machineLists";

const machine = { id: "m1", groupId: "g1", running: 1, queued: 2 } as MachineActivity["machine"];

it("the numbers of a machine lead to the lists that they count", () => {
  expect(listsOf({ machine, runs: 3, failed: 1 }, "7d")).toEqual({
    runs: "/e/default/runs?machine=m1&within=7d",
    failed: "/e/default/runs?machine=m1&within=7d&status=Failed%2CTimed+out",
    now: "/e/default/runs?machine=m1&status=Next+to+run%2CRunning%2CCanceling%2CPaused",
    queued: "/e/default/queue?group=g1",
  });
  expect(listsOf({ machine: { ...machine, running: 0, queued: 0 }, runs: 3, failed: 0 }, "")).toEqual({
    runs: "/e/default/runs?machine=m1",
    failed: undefined,
    now: undefined,
    queued: undefined,
  });
});
