import { describe, expect, test } from "vitest";
import { readDocument, withDefinition, writeDocument, definitionOf, withConnection } from "./document";
import { addStep, deleteStep, moveStep, nameProblem, pasteStep, renameStep, shiftStep } from "./edits";
import { begin, change, redo, undo } from "./history";
import type { JsonObject } from "./json";
import { layOut } from "./layout";
import { readTyped, stepName } from "./making";
import { namedIn, withRenamedReferences } from "./references";
import { inOrder, MAIN, runAfterOf, stepNames, walk, actionsIn } from "./structure";
import { withExpression } from "./tokens";

const compose = (inputs: string, ...after: string[]): JsonObject => ({
  type: "Compose",
  inputs,
  runAfter: Object.fromEntries(after.map((one) => [one, ["Succeeded"]])),
});

const flow: JsonObject = {
  triggers: { manual: { type: "Request" } },
  actions: {
    A: compose("1"),
    B: compose("@outputs('A')", "A"),
    If: {
      type: "If",
      expression: { and: [{ equals: ["@outputs('B')", 1] }] },
      actions: { Yes: compose("@{outputs('A')} and @{body('B')}") },
      else: { actions: {} },
      runAfter: { B: ["Succeeded", "Failed"] },
    },
    Each: { type: "Foreach", foreach: "@outputs('A')", actions: { In: compose("@items('Each')") }, runAfter: { If: ["Succeeded"] } },
  },
};
const after = (definition: JsonObject, name: string) => runAfterOf(actionsIn(definition, MAIN)[name]);

describe("editing a definition", () => {
  test("a step put on an edge comes between what it joins", () => {
    const changed = addStep(flow, { branch: MAIN, after: "A", before: "B" }, "New", compose("2"));
    expect([after(changed, "New"), after(changed, "B")]).toEqual([{ A: ["Succeeded"] }, { New: ["Succeeded"] }]);
    expect(deleteStep(changed, "New")).toEqual(flow);
  });

  test("a first step moves down what began the branch", () => {
    const changed = addStep(flow, { branch: MAIN, after: undefined }, "New", compose("2"));
    expect(inOrder(actionsIn(changed, MAIN))).toEqual(["New", "A", "B", "If", "Each"]);
  });

  test("what a deleted step's followers wait for stays what they waited for", () => {
    expect(after(deleteStep(flow, "B"), "If")).toEqual({ A: ["Succeeded"] });
    expect(after(deleteStep(flow, "If"), "Each")).toEqual({ B: ["Succeeded", "Failed"] });
  });

  test("a renamed step is named so everywhere", () => {
    const changed = renameStep(flow, "A", "It's A");
    const inside = JSON.stringify(changed);
    expect(inside).not.toContain("outputs('A')");
    expect(inside).toContain("outputs('It''s A')");
    expect(after(changed, "B")).toEqual({ "It's A": ["Succeeded"] });
    expect(renameStep(changed, "It's A", "A")).toEqual(flow);
  });

  test("a step does not move into itself, and moves with all that is within it", () => {
    expect(moveStep(flow, "Each", { branch: { ...MAIN, path: ["actions", "Each", "actions"], owner: "Each" }, after: undefined })).toBe(flow);
    const moved = moveStep(flow, "Each", { branch: { ...MAIN, path: ["actions", "If", "else", "actions"], owner: "If" }, after: undefined });
    expect(stepNames(moved)).toEqual(stepNames(flow));
  });

  test("moving down and up again is no change of order", () => {
    const down = shiftStep(flow, "A", 1);
    expect(inOrder(actionsIn(down, MAIN)).slice(0, 2)).toEqual(["B", "A"]);
    expect(inOrder(actionsIn(shiftStep(down, "A", -1), MAIN))).toEqual(["A", "B", "If", "Each"]);
  });

  test("a copy has names of its own within it, too", () => {
    const [pasted, name] = pasteStep(flow, { branch: MAIN, after: "Each" }, "Each", actionsIn(flow, MAIN)["Each"] as JsonObject);
    expect(name).toBe("Each_2");
    expect([...walk(pasted)].length).toBe([...walk(flow)].length + 2);
    expect(JSON.stringify(pasted)).toContain("items('Each_2')");
  });

  test("names are there once", () => {
    expect([nameProblem(flow, "A", "yes"), nameProblem(flow, "A", ""), nameProblem(flow, "A", "C")]).toEqual(["taken", "empty", undefined]);
  });
});

describe("any series of edits", () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))("keeps every step reachable and every name once (%i)", (seed) => {
    const random = randomFrom(seed);
    let definition = flow;
    for (let round = 0; round < 25; round++) definition = edited(definition, random, round);
    const names = [...walk(definition)].map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, branch, action } of walk(definition)) {
      const siblings = actionsIn(definition, branch);
      for (const one of Object.keys(runAfterOf(action))) expect(Object.keys(siblings), `${name} runs after ${one}`).toContain(one);
    }
    const shown = layOut(definition, new Set()).cards.filter((card) => card.kind === "card" || card.kind === "group");
    expect(new Set(shown.map((card) => card.name))).toEqual(new Set(names));
  });
});

function edited(definition: JsonObject, random: (below: number) => number, round: number): JsonObject {
  const steps = [...walk(definition)];
  const one = steps[random(steps.length)];
  const other = steps[random(steps.length)];
  if (one === undefined || other === undefined) return addStep(definition, { branch: MAIN, after: undefined }, `N${round}`, compose(""));
  const place = { branch: one.branch, after: one.name, parallel: random(4) === 0 };
  switch (random(4)) {
    case 0:
      return addStep(definition, place, `N${round}`, random(2) === 0 ? compose("") : { type: "Scope", actions: {} });
    case 1:
      return renameStep(definition, one.name, `R${round}`);
    case 2:
      return moveStep(definition, other.name, place);
    default:
      return steps.length > 3 ? deleteStep(definition, one.name) : definition;
  }
}

function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("cards of a layout do not overlap unless one holds the other", () => {
  const cards = layOut(flow, new Set()).cards.filter((card) => card.kind !== "end" && card.kind !== "branch");
  for (const one of cards) {
    for (const other of cards) {
      if (one === other || one.kind === "group" || other.kind === "group") continue;
      const apart = one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
      expect(apart, `${one.name} and ${other.name}`).toBe(true);
    }
  }
});

describe("expressions", () => {
  test("only expressions that name the action are changed", () => {
    expect(withRenamedReferences("outputs('A')", "A", "X")).toBe("outputs('A')");
    expect(withRenamedReferences("@@outputs('A')", "A", "X")).toBe("@@outputs('A')");
    expect(withRenamedReferences("a @{body('A')} 'b' @{concat('}', body( 'a' ))}", "A", "X")).toBe("a @{body('X')} 'b' @{concat('}', body( 'X' ))}");
    expect(withRenamedReferences("@variables('A')", "A", "X")).toBe("@variables('A')");
  });

  test("names are found", () => {
    expect([...namedIn({ a: ["@body('One')?['x']", "@{actions('It''s two')}"] })]).toEqual(["One", "It's two"]);
  });

  test("dynamic content is the whole of an empty field, and part of one with text", () => {
    expect(withExpression("", "body('A')", 0, 0)).toBe("@body('A')");
    expect(withExpression("Hello !", "body('A')", 6, 6)).toBe("Hello @{body('A')}!");
    expect(withExpression("@body('A')", "body('B')", 10, 10)).toBe("@{body('A')}@{body('B')}");
  });
});

describe("the document", () => {
  const text = '{"properties":{"unknown":{"kept":[1.5,null]},"connectionReferences":{},"definition":{"actions":{"A":{"type":"Compose","mystery":true}}}},"more":1}';
  const read = () => readDocument(text, ["properties", "definition"]);

  test("keeps what the designer does not know of", () => {
    const changed = withDefinition(read(), { ...definitionOf(read()), actions: { ...actionsIn(definitionOf(read()), MAIN) } });
    expect(JSON.parse(writeDocument(changed))).toEqual(JSON.parse(text));
  });

  test("names each connection reference once", () => {
    const use = { connector: "shared_uiflow", reference: "deskhand_fin" };
    const [first, key] = withConnection(read(), use);
    expect(withConnection(first, use)).toEqual([first, key]);
    const [, other] = withConnection(first, { ...use, reference: "deskhand_hr" });
    expect([key, other]).toEqual(["shared_uiflow", "shared_uiflow-2"]);
  });
});

test("what is typed becomes a value of the field's type", () => {
  expect([readTyped("integer", "5"), readTyped("integer", "@x()"), readTyped("any", "5"), readTyped("any", "x"), readTyped("string", "5")]).toEqual([5, "@x()", 5, "x", "5"]);
  expect(stepName("Run a flow built with Power Automate for desktop")).toBe("Run_a_flow_built_with_Power_Automate_for_desktop");
});

test("changes are undone and done again, those to one field together", () => {
  let history = begin(0);
  history = change(history, 1);
  history = change(history, 2, "field");
  history = change(history, 3, "field");
  expect(undo(history).present).toBe(1);
  expect(redo(undo(history)).present).toBe(3);
  expect(undo(undo(undo(history))).present).toBe(0);
});
