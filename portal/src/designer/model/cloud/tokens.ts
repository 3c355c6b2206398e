/** Dynamic content: what earlier steps give, as expressions. */
import type { FlowParameter, Palette } from "@/api/portal";
import { definitionOf, type FlowDocument } from "./document";
import { isObject, objectOf, valueAt, type Json, type JsonObject } from "./json";
import { shownName } from "./making";
import { operationOf } from "./offers";
import { actionsIn, findStep, runAfterOf, triggerOf, typeOf, type Branch, type Step } from "./structure";

export interface Token {
  readonly source: string;
  readonly name: string;
  readonly type: string;
  /** Without its `@`. */
  readonly expression: string;
}

/** Outputs of desktop flows by the flow's id. */
export type DesktopOutputs = ReadonlyMap<string, readonly FlowParameter[]>;

/** Return what can be used in a step: what the trigger, by its title, and the steps above it give, nearest first. */
export function tokensFor(document: FlowDocument, name: string, palette: Palette, outputs: DesktopOutputs, triggerTitle?: string): readonly Token[] {
  const definition = definitionOf(document);
  const step = findStep(definition, name);
  // A trigger gives what the flow begins with; nothing comes before it.
  if (step === undefined) return [];
  const before = stepsBefore(definition, step);
  return [
    ...loopsAround(definition, step),
    ...before.flatMap((one) => tokensOf(one, document, palette, outputs)),
    ...variables(before),
    ...triggerTokens(definition, triggerTitle),
  ];
}

/** Return the steps that have ended when one begins, nearest first. */
export function stepsBefore(definition: JsonObject, step: Step): readonly Step[] {
  const found: Step[] = [];
  let at: Step | undefined = step;
  while (at !== undefined) {
    found.push(...above(definition, at));
    at = at.branch.owner === undefined ? undefined : findStep(definition, at.branch.owner);
  }
  return found;
}

function above(definition: JsonObject, step: Step): readonly Step[] {
  const actions = actionsIn(definition, step.branch);
  const found: Step[] = [];
  const seen = new Set<string>();
  let names = Object.keys(runAfterOf(step.action));
  while (names.length > 0) {
    const next: string[] = [];
    for (const name of names) {
      const action = actions[name];
      if (seen.has(name) || !isObject(action)) continue;
      seen.add(name);
      found.push({ name, action, branch: step.branch, depth: step.depth });
      next.push(...Object.keys(runAfterOf(action)));
    }
    names = next;
  }
  return found;
}

const quoted = (name: string) => `'${name.replaceAll("'", "''")}'`;
const member = (name: string) => `?['${name.replaceAll("'", "''")}']`;

function loopsAround(definition: JsonObject, step: Step): readonly Token[] {
  const found: Token[] = [];
  let branch: Branch | undefined = step.branch;
  while (branch?.owner !== undefined) {
    const owner = findStep(definition, branch.owner);
    if (owner !== undefined && typeOf(owner.action) === "foreach") {
      found.push({ source: shownName(owner.name), name: "Current item", type: "any", expression: `items(${quoted(owner.name)})` });
    }
    branch = owner?.branch;
  }
  return found;
}

function tokensOf(step: Step, document: FlowDocument, palette: Palette, outputs: DesktopOutputs): readonly Token[] {
  const source = shownName(step.name);
  const body = `body(${quoted(step.name)})`;
  const type = typeOf(step.action);
  const known = operationOf(step.action, document, palette);
  if (known?.operation.dynamic["uiFlowId"] !== undefined) {
    const flowId = valueAt(step.action, ["inputs", "parameters", "uiFlowId"]);
    const listed = (typeof flowId === "string" ? outputs.get(flowId) : undefined) ?? [];
    return listed.map((one) => ({ source, name: one.name, type: one.type, expression: body + member(one.name) }));
  }
  if (known !== undefined) {
    const members = properties(known.operation.outputs as unknown as Json, body, source);
    return members.length > 0 ? members : [{ source, name: "Body", type: "any", expression: body }];
  }
  switch (type) {
    case "compose":
      return [{ source, name: "Outputs", type: "any", expression: `outputs(${quoted(step.name)})` }];
    case "http":
    case "httpwebhook":
      return [
        { source, name: "Body", type: "any", expression: body },
        { source, name: "Status code", type: "integer", expression: `outputs(${quoted(step.name)})${member("statusCode")}` },
        { source, name: "Headers", type: "object", expression: `outputs(${quoted(step.name)})${member("headers")}` },
      ];
    case "parsejson":
      return [
        { source, name: "Body", type: "any", expression: body },
        ...properties(valueAt(step.action, ["inputs", "schema"]), body, source),
      ];
    case "select":
    case "query":
    case "table":
    case "join":
    case "workflow":
      return [{ source, name: type === "workflow" ? "Body" : "Output", type: "any", expression: body }];
    default:
      return [];
  }
}

function properties(schema: Json | undefined, base: string, source: string): readonly Token[] {
  return Object.entries(objectOf(valueAt(schema, ["properties"]))).map(([name, one]) => {
    const title = valueAt(one, ["title"]);
    const type = valueAt(one, ["type"]);
    return {
      source,
      name: typeof title === "string" && title !== "" ? title : name,
      type: typeof type === "string" ? type : "any",
      expression: base + member(name),
    };
  });
}

function variables(before: readonly Step[]): readonly Token[] {
  return before
    .filter((one) => typeOf(one.action) === "initializevariable")
    .flatMap((one) => {
      const name = valueAt(one.action, ["inputs", "variables", "0", "name"]);
      const type = valueAt(one.action, ["inputs", "variables", "0", "type"]);
      if (typeof name !== "string" || name === "") return [];
      return [{ source: "Variables", name, type: typeof type === "string" ? type : "any", expression: `variables(${quoted(name)})` }];
    });
}

function triggerTokens(definition: JsonObject, title: string | undefined): readonly Token[] {
  const found = triggerOf(definition);
  if (found === undefined) return [];
  const source = title ?? shownName(found.name);
  const members = properties(valueAt(found.trigger, ["inputs", "schema"]), "triggerBody()", source);
  const body: Token = { source, name: "Body", type: "any", expression: "triggerBody()" };
  return typeOf(found.trigger) === "recurrence" ? [] : [...members, body];
}

/** Return a text with an expression put into it: the whole of it where there was nothing. */
export function withExpression(text: string, expression: string, from: number, to: number): string {
  if (text.trim() === "" || (from === 0 && to === text.length)) return `@${expression}`;
  const whole = text.startsWith("@") && !text.startsWith("@{") && !text.startsWith("@@");
  if (whole) return from === 0 ? `@{${expression}}@{${text.slice(1)}}` : `@{${text.slice(1)}}@{${expression}}`;
  return `${text.slice(0, from)}@{${expression}}${text.slice(to)}`;
}
