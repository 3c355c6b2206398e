import { describe, expect, it } from "vitest";
import type { RunDetails, RunRow, WaitInfo } from "@/api/portal";
import { headline } from "./headline";
import { remedies } from "./remedies";
import { segments } from "./segments";
import { supportText } from "./supportText";

const run: RunRow = {
  kind: "desktop",
  id: "d9687093-0000-4000-8000-000000000000",
  name: null,
  flowId: "f1",
  flowName: "Invoice entry",
  status: "Succeeded",
  requestedOn: "2026-03-01T06:00:00.000Z",
  startedOn: "2026-03-01T06:00:12.000Z",
  completedOn: "2026-03-01T06:00:16.200Z",
  waitMs: 12_000,
  runMs: 4_200,
  mode: "unattended",
  machineId: "m1",
  machine: "FIN-03",
  groupId: "g1",
  group: "FIN",
  parent: null,
  startedBy: "api",
  requestedBy: "Anna",
  errorCode: null,
  errorMessage: null,
  isTest: false,
};
const whole: RunDetails = {
  run,
  inputs: [{ name: "InFile", value: "/data/secret-name.xlsx", sensitive: false }],
  outputs: [
    { name: "Posted", value: 12, sensitive: false },
    { name: "Token", value: null, sensitive: true },
  ],
  error: null,
  waiting: null,
  queue: [{ at: "2026-03-01T06:00:10.000Z", kind: "RunQueueAssigned", machineId: "m1", machine: "FIN-03", code: null, message: null }],
  children: [],
  connection: "c1",
  connectionName: "FIN",
  sessionUser: "svc-fin",
  agentVersion: "1.0.2",
  timeout: 3600,
  highPriority: false,
  ownerId: null,
  correlationId: "abc",
  cancelRequestedOn: null,
  flowChanged: false,
  flowVersion: 1,
  lastAction: 0,
  logOmits: false,
  logDeletedOn: null,
  canCancel: false,
  canRerun: true,
};
const wrote = (at: string) => at.slice(11, 16);

function waiting(changes: Partial<WaitInfo>): RunDetails {
  const wait: WaitInfo = { reason: "sessionsBusy", position: 1, since: null, used: 3, capacity: 3, machines: [], failsOn: null, ...changes };
  return { ...whole, run: { ...run, status: "Queued", startedOn: null, completedOn: null, waitMs: null, runMs: null }, waiting: wait };
}

describe("the headline", () => {
  it("tells of a success with its outputs, none of them sensitive", () => {
    expect(headline(whole, wrote)).toBe("Succeeded in 4.2 s after 12.0 s in the queue. Posted = 12.");
  });

  it("says where and why a run failed", () => {
    const error = { code: "FileNotFound", message: "/data/in.xlsx does not exist on FIN-03.", details: null, subflow: "Main", line: 2, action: "Launch Excel" };
    expect(headline({ ...whole, run: { ...run, status: "Failed" }, error }, wrote)).toBe(
      "Main 2 ‘Launch Excel’: /data/in.xlsx does not exist on FIN-03.",
    );
  });

  it("names what a run waits for", () => {
    const found = [
      waiting({ machines: ["FIN-02", "FIN-03"] }),
      waiting({ reason: "disconnected", since: "2026-03-01T02:14:00Z" }),
      waiting({ reason: "behind", position: 3 }),
    ].map((one) => headline(one, wrote));
    expect(found).toEqual([
      "All sessions are in use: 3 of 3 on FIN-02, FIN-03.",
      "No machine of FIN is connected, since 02:14.",
      "2 runs before it in the queue go first.",
    ]);
  });
});

describe("the time line", () => {
  it("has waiting, checks and running in proportion", () => {
    const found = segments(whole, 0).map(({ kind, length, share }) => [kind, length, Math.round(share * 100)]);
    expect(found).toEqual([
      ["waited", 10_000, 62],
      ["checked", 2_000, 12],
      ["ran", 4_200, 26],
    ]);
  });

  it("grows while a run waits", () => {
    const found = segments({ ...waiting({}), queue: [] }, Date.parse("2026-03-01T06:00:30Z"));
    expect(found.map(({ kind, length }) => [kind, length])).toEqual([["waited", 30_000]]);
  });
});

describe("the text for support", () => {
  it("has ids and versions, and no values", () => {
    const text = supportText(whole, [], "1.0.2");
    expect(text).toContain("run d9687093-0000-4000-8000-000000000000");
    expect(text).not.toContain("secret-name");
    expect(text).not.toContain("Posted");
  });
});

describe("what can be done", () => {
  const failed = (code: string, message: string): RunDetails => ({
    ...whole,
    run: { ...run, status: "Failed" },
    error: { code, message, details: null, subflow: null, line: null, action: null },
  });

  it("says of a lost run that nothing happens by itself, and where to look", () => {
    expect(remedies(failed("AgentNotReachable", "FIN-03 stopped answering."))).toEqual([
      "Look on FIN-03 what the flow has done, then rerun it. Nothing of it happens twice unless you start it.",
      "The last actions that it told of stand in the log below.",
    ]);
  });

  it("says of a run that expired in the queue that nothing is half done", () => {
    expect(remedies(failed("NoCandidateMachine", "Not started."))).toEqual([
      "It never began, so nothing is half done: rerun it once a machine of FIN is free, or on another machine.",
    ]);
  });

  it("names the input that a value of the message came from, and no sensitive one", () => {
    const found = remedies({ ...failed("FileNotFound", "/data/secret-name.xlsx does not exist."), inputs: [...whole.inputs, { name: "Pin", value: null, sensitive: true }] });
    expect(found).toEqual(["/data/secret-name.xlsx came from the input InFile."]);
    expect(remedies(whole)).toEqual([]);
  });
});
