import { describe, expect, it } from "vitest";
import type { DebugInfo } from "@/api/portal";
import type { Status } from "@/components/StatusBadge";
import { doing } from "./debugText";

const STANDING: DebugInfo = { state: "running", reason: null, place: null, stack: [], variables: [], error: null, notice: null, breakpoints: [], delayMs: 0, sequence: 0, obeyed: 0 };

function followed(status: Status | undefined, state?: Partial<DebugInfo>) {
  return doing({ isOpen: true, run: { details: status === undefined ? undefined : { run: { status } } }, state: state === undefined ? undefined : { ...STANDING, ...state } });
}

describe("what a run does", () => {
  it("is nothing once it has ended", () => {
    expect(doing({ isOpen: false, run: { details: { run: { status: "Succeeded" } } }, state: STANDING })).toBeUndefined();
  });

  it("is where and why it is paused, although the run itself is said to be running", () => {
    expect(followed("Running", { state: "paused", reason: "breakpoint", place: { subflow: "Main", row: 3 } })).toEqual({ status: "Paused", text: "Paused at Main 3 (breakpoint)" });
    expect(followed("Running", { state: "pausing" })).toEqual({ status: "Running", text: "Pausing after this action" });
    expect(followed("Running", {})).toEqual({ status: "Running", text: "Running" });
  });

  it("is to wait before a machine has it, and to be canceled after Stop, even while it is paused", () => {
    expect(followed(undefined)).toEqual({ status: "Queued", text: "Waiting for a machine" });
    expect(followed("Queued", { state: "waiting" })).toEqual({ status: "Queued", text: "Waiting for a machine" });
    expect(followed("Canceling", { state: "paused", reason: "step", place: { subflow: "Main", row: 1 } })).toEqual({ status: "Canceling", text: "Canceling…" });
  });

  it("is to run also where it is only followed and not debugged", () => {
    expect(followed("Running")).toEqual({ status: "Running", text: "Running" });
  });
});
