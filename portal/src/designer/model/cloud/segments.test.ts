import { describe, expect, test } from "vitest";
import { chipOf, segmentsOf, spokenText, withSegment, type ChipWords } from "./segments";
import type { Token } from "./tokens";

const words: ChipWords = { trigger: "Trigger", loop: "Loop", variables: "Variables", parameters: "Parameters", body: "Body", outputs: "Outputs", item: "Current item" };
const told = (text: string) => segmentsOf(text).map((one) => [text.slice(one.from, one.to), one.expression, one.kind]);

describe("the expressions of a text", () => {
  test("are the whole, parts of it, or texts of JSON", () => {
    expect(told("@body('A')")).toEqual([["@body('A')", "body('A')", "whole"]]);
    expect(told("To @{body('A')?['x}y']}, @{ item() }")).toEqual([
      ["@{body('A')?['x}y']}", "body('A')?['x}y']", "part"],
      ["@{ item() }", "item()", "part"],
    ]);
    expect(told('{"a": "@body(\'A\')", "b": "x@{item()}", "c": "@@no"}')).toEqual([
      ['"@body(\'A\')"', "body('A')", "json"],
      ["@{item()}", "item()", "part"],
    ]);
  });

  test("are none where nothing is closed, escaped, or only begun", () => {
    expect(["@", "@@body('A')", "mail@example.org", "@@{item()}", "@{item(", "@{}", 'say "@x"'].flatMap(told)).toEqual([]);
  });

  test("are changed and taken away in their place", () => {
    const text = "To @{item()}!";
    const [one] = segmentsOf(text);
    if (one === undefined) throw new Error("no expression");
    expect(withSegment(text, one, "body('A')")).toBe("To @{body('A')}!");
    expect(withSegment(text, one, "")).toBe("To !");
    const json = '["@item()"]';
    expect(withSegment(json, segmentsOf(json)[0] ?? one, 'concat("x")')).toBe('["@concat(\\"x\\")"]');
  });
});

describe("a text that is read", () => {
  test("says what its chips say", () => {
    expect(spokenText("Hello @{body('Get_row')?['name']}, @{add(1, 2)}!", words)).toBe("Hello Get row › name, add(1, 2)!");
    expect(spokenText("@variables('List')", words)).toBe("Variables › List");
    expect(spokenText("plain @@text", words)).toBe("plain @@text");
  });
});

describe("a chip", () => {
  const tokens: readonly Token[] = [{ source: "Get row", name: "Total", type: "number", expression: "body('Get_row')?['total']" }];
  const chip = (expression: string) => {
    const { source, name, type } = chipOf(expression, tokens, words);
    return [source, name, type];
  };

  test("says the step, the name and the type of what is offered, however it is spaced", () => {
    expect(chip("body( 'Get_row' )?['total']")).toEqual(["Get row", "Total", "number"]);
  });

  test("says where other content comes from", () => {
    expect(chip("body('Get_row')?['lines'][0]?['no']")).toEqual(["Get row", "lines › 0 › no", ""]);
    expect(chip("outputs('Get_row')?['body/id']")).toEqual(["Get row", "body/id", ""]);
    expect(chip("outputs('Bob''s_list')")).toEqual(["Bob's list", "Outputs", ""]);
    expect(chip("triggerOutputs()?['body']?['x']")).toEqual(["Trigger", "x", ""]);
    expect(chip("variables('Sum')")).toEqual(["Variables", "Sum", ""]);
    expect(chip("items('Each_file')?['name']")).toEqual(["Each file", "name", ""]);
    expect(chip("item()")).toEqual(["Loop", "Current item", ""]);
  });

  test("shows an expression of functions as it is", () => {
    expect(chip("concat(body('Get_row'),\n  'x')")).toEqual([undefined, "concat(body('Get_row'), 'x')", ""]);
  });
});
