import { describe, expect, it } from "vitest";
import type { ManagedRun } from "@/api/management";
import { runText } from "./runText";

function run(changes: Partial<ManagedRun["properties"]>): ManagedRun {
  return {
    name: "085",
    properties: {
      startTime: "2026-03-01T06:00:00.0000000Z",
      status: "Running",
      correlation: { clientTrackingId: "1" },
      trigger: { name: "manual", triggerType: "Instant", startTime: "2026-03-01T06:00:00Z", originHistoryName: "085" },
      outputs: {},
      ...changes,
    },
  };
}

describe("a cloud flow's run", () => {
  it("is told of by its end", () => {
    expect(runText(run({ status: "Succeeded", endTime: "2026-03-01T06:00:04.2Z" }))).toBe("Succeeded in 4.2 s.");
  });

  it("names the action that failed", () => {
    const actions = { Read: { startTime: "", status: "Failed" as const, error: { message: "No such file." } } };
    expect(runText(run({ status: "Failed", actions }))).toBe("‘Read’ failed: No such file.");
  });

  it("says what it waits for", () => {
    const waiting = [{ reason: "Timer", message: "Delay goes on at 06:30." }];
    expect([runText(run({ waiting })), runText(run({}))]).toEqual(["Delay goes on at 06:30.", "Running."]);
  });
});
