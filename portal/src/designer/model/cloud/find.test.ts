import { describe, expect, test } from "vitest";
import { mayMove, moveStep } from "./edits";
import { findSteps, stepsAround } from "./find";
import type { JsonObject } from "./json";
import { findStep, MAIN } from "./structure";

const flow: JsonObject = {
  triggers: { manual: { type: "Request", kind: "Button", inputs: {} } },
  actions: {
    Each_file: {
      type: "Foreach",
      foreach: "@triggerBody()?['files']",
      runAfter: {},
      actions: { Ask: { type: "If", expression: "@equals(1, 2)", runAfter: {}, actions: { Send_mail: { type: "Compose", inputs: "Dear Ada", runAfter: {} } }, else: { actions: {} } } },
    },
    Last: { type: "Compose", inputs: "ada@example.org", runAfter: { Each_file: ["Succeeded"] } },
  },
};

describe("finding steps", () => {
  test("goes by their names as they are shown, and by what they say themselves", () => {
    expect(findSteps(flow, "each FILE")).toEqual(["step:Each_file"]);
    expect(findSteps(flow, "ada")).toEqual(["step:Send_mail", "step:Last"]);
    expect(findSteps(flow, "button")).toEqual(["trigger"]);
    expect(findSteps(flow, "files']")).toEqual(["step:Each_file"]);
    expect([findSteps(flow, " "), findSteps(flow, "nobody")]).toEqual([[], []]);
  });

  test("tells what has to be unfolded for one to be seen", () => {
    expect(stepsAround(flow, "Send_mail")).toEqual(["Ask", "Each_file"]);
  });
});

describe("a place that a step is dropped on", () => {
  const step = findStep(flow, "Each_file");
  if (step === undefined) throw new Error("no step");
  const within = findStep(flow, "Send_mail")?.branch ?? MAIN;

  test("is none beside the step itself or within it", () => {
    expect(mayMove(step, { branch: MAIN, after: "Each_file" })).toBe(false);
    expect(mayMove(step, { branch: MAIN, after: undefined, before: "Each_file" })).toBe(false);
    expect(mayMove(step, { branch: within, after: "Send_mail" })).toBe(false);
    expect(mayMove(step, { branch: MAIN, after: "Last" })).toBe(true);
  });

  test("takes the step out of another branch", () => {
    const moved = moveStep(flow, "Send_mail", { branch: MAIN, after: "Each_file", before: "Last" });
    expect(findStep(moved, "Send_mail")?.branch.path).toEqual(["actions"]);
    expect(findStep(moved, "Last")?.action["runAfter"]).toEqual({ Send_mail: ["Succeeded"] });
  });
});
