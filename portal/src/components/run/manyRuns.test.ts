import { describe, expect, it } from "vitest";
import type { RunRow, RunStatus } from "@/api/portal";
import { fitting, withEach, type Told } from "./manyRuns";

const run = (id: string, status: RunStatus, kind: "cloud" | "desktop" = "cloud") => ({ id, status, kind }) as RunRow;
const RUNS = [run("a", "Running"), run("b", "Succeeded"), run("c", "Failed"), run("d", "Failed", "desktop"), run("e", "Canceling")];

describe("many runs", () => {
  it("are those with which something can be done", () => {
    const ids = (["cancel", "resubmit", "resume"] as const).map((verb) => fitting(verb, RUNS).map((one) => one.id));
    expect(ids).toEqual([["a"], ["b", "c"], ["c"]]);
  });

  it("are each told of, one that is refused as well", async () => {
    const told: [string, Told][] = [];
    const act = (one: RunRow) => (one.id === "b" ? Promise.reject(new Error("It is too old.")) : Promise.resolve(`after ${one.id}`));
    await withEach(RUNS.slice(0, 3), act, (one, what) => told.push([one.id, what]), new AbortController().signal);
    expect(told).toEqual([
      ["a", { made: "after a" }],
      ["b", { problem: "It is too old." }],
      ["c", { made: "after c" }],
    ]);
  });

  it("are left alone once it is stopped", async () => {
    const stop = new AbortController();
    const acted: string[] = [];
    const act = (one: RunRow) => {
      acted.push(one.id);
      stop.abort();
      return Promise.resolve(null);
    };
    await withEach(RUNS, act, () => undefined, stop.signal);
    expect(acted).toEqual(["a"]);
  });
});
