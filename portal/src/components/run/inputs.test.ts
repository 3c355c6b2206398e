import { describe, expect, it } from "vitest";
import type { FlowParameter } from "@/api/portal";
import { kindOf, readFreeInputs, readInputs, rememberable, written } from "./inputs";

function input(name: string, type: string, changes: Partial<FlowParameter> = {}): FlowParameter {
  return { name, type, description: "", required: false, sensitive: false, default: null, ...changes };
}

describe("inputs", () => {
  it("are read by their types", () => {
    const parameters = [input("Name", "string"), input("Count", "number"), input("Dry", "boolean"), input("Rows", "array"), input("Options", "object")];
    const typed = { Name: "Ada", Count: "12.5", Dry: true, Rows: "[1, 2]", Options: '{"a": 1}' };
    expect(readInputs(parameters, typed, false)).toEqual({
      values: { Name: "Ada", Count: 12.5, Dry: true, Rows: [1, 2], Options: { a: 1 } },
      faults: {},
    });
  });

  it("say which fields are wrong, and why", () => {
    const parameters = [input("Name", "string", { required: true }), input("Count", "number"), input("Rows", "array"), input("Options", "object")];
    const typed = { Name: "", Count: "many", Rows: "{}", Options: "{" };
    expect(readInputs(parameters, typed, false).faults).toEqual({
      Name: "missing",
      Count: "notNumber",
      Rows: "notList",
      Options: "notJson",
    });
  });

  it("leave out what was left empty, but empty a text that has a default", () => {
    const parameters = [input("Note", "string"), input("Greeting", "string", { default: "Hello" }), input("Count", "number", { default: 3 })];
    expect(readInputs(parameters, {}, false).values).toEqual({ Greeting: "" });
  });

  it("keep a sensitive value of a run that is repeated", () => {
    const pin = input("Pin", "string", { sensitive: true, required: true });
    expect([readInputs([pin], {}, true), readInputs([pin], {}, false).faults]).toEqual([{ values: {}, faults: {} }, { Pin: "missing" }]);
  });

  it("are written as their fields show them", () => {
    const found = [
      written(input("a", "string"), "text"),
      written(input("b", "number"), 12),
      written(input("c", "boolean"), null),
      written(input("d", "object"), { x: 1 }),
    ];
    expect(found).toEqual(["text", "12", false, '{\n  "x": 1\n}']);
  });

  it("are an object where the flow does not name them", () => {
    expect([readFreeInputs(""), readFreeInputs('{"A": 1}'), readFreeInputs("[]"), readFreeInputs("A")]).toEqual([
      { values: {} },
      { values: { A: 1 } },
      { fault: "notObject" },
      { fault: "notJson" },
    ]);
  });

  it("are remembered unless they are sensitive", () => {
    const parameters = [input("Name", "string"), input("Pin", "string", { sensitive: true })];
    expect(rememberable(parameters, { Name: "Ada", Pin: "1234" })).toEqual({ Name: "Ada" });
    expect(kindOf(input("n", "integer"))).toBe("number");
  });
});
