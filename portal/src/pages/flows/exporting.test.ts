import { describe, expect, it } from "vitest";
import { exportCommand, solutionNameOf } from "./exporting";

describe("exports", () => {
  it("are named after the flow in the letters that a solution's name takes", () => {
    expect(["Invoice entry", "1 – 2 Bestellung!", "日本"].map(solutionNameOf)).toEqual(["Invoiceentry", "Bestellung", "Flows"]);
  });

  it("have a command for each form", () => {
    const flows = [{ id: "a" }, { id: "b" }];
    expect((["text", "folder", "solution"] as const).map((form) => exportCommand(flows, form, "Both"))).toEqual([
      "deskhand flow export a b",
      "deskhand flow export a b --folder",
      "deskhand flow export a b --solution Both",
    ]);
  });
});
