/** The actions of a definition as a tree of branches. */
import { isObject, objectOf, valueAt, withValueAt, type Json, type JsonObject } from "./json";

/** A list of actions: the flow's own, or one within an action. */
export interface Branch {
  /** Where it stands in the definition. */
  readonly path: readonly string[];
  /** The action that holds it. */
  readonly owner: string | undefined;
  readonly kind: "actions" | "else" | "case" | "default";
  /** The name of a case. */
  readonly name: string;
}

export interface Step {
  readonly name: string;
  readonly action: JsonObject;
  readonly branch: Branch;
  readonly depth: number;
}

export const MAIN: Branch = { path: ["actions"], owner: undefined, kind: "actions", name: "" };

export function typeOf(action: JsonObject): string {
  return typeof action["type"] === "string" ? action["type"].toLowerCase() : "";
}

export const isLoop = (action: JsonObject) => ["foreach", "until"].includes(typeOf(action));

/** Return the branches of an action that stands at a path. */
export function branchesOf(name: string, action: JsonObject, path: readonly string[]): readonly Branch[] {
  const one = (kind: Branch["kind"], inside: readonly string[], label = ""): Branch => ({
    path: [...path, ...inside],
    owner: name,
    kind,
    name: label,
  });
  switch (typeOf(action)) {
    case "if":
      return [one("actions", ["actions"]), one("else", ["else", "actions"])];
    case "switch":
      return [
        ...Object.keys(objectOf(action["cases"])).map((key) => one("case", ["cases", key, "actions"], key)),
        one("default", ["default", "actions"]),
      ];
    case "scope":
    case "foreach":
    case "until":
      return [one("actions", ["actions"])];
    default:
      return [];
  }
}

export function actionsIn(definition: JsonObject, branch: Branch): JsonObject {
  return objectOf(valueAt(definition, branch.path));
}

export function withActionsIn(definition: JsonObject, branch: Branch, actions: JsonObject): JsonObject {
  return withValueAt(definition, branch.path, actions) as JsonObject;
}

/** Yield every action, each before those within it. */
export function* walk(definition: JsonObject, branch: Branch = MAIN, depth = 0): Generator<Step> {
  const actions = actionsIn(definition, branch);
  for (const name of inOrder(actions)) {
    const action = actions[name];
    if (!isObject(action)) continue;
    yield { name, action, branch, depth };
    for (const inside of branchesOf(name, action, [...branch.path, name])) yield* walk(definition, inside, depth + 1);
  }
}

export function findStep(definition: JsonObject, name: string): Step | undefined {
  for (const step of walk(definition)) if (step.name === name) return step;
  return undefined;
}

export function stepNames(definition: JsonObject): ReadonlySet<string> {
  return new Set([...walk(definition)].map((step) => step.name));
}

/** Return after which actions of its branch an action runs, with the statuses that it waits for. */
export function runAfterOf(action: Json | undefined): JsonObject {
  return isObject(action) ? objectOf(action["runAfter"]) : {};
}

/** Return the names of actions so that each comes after those that it runs after. */
export function inOrder(actions: JsonObject): readonly string[] {
  const names = Object.keys(actions);
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    Object.keys(runAfterOf(actions[name]))
      .filter((one) => Object.hasOwn(actions, one))
      .forEach(visit);
    found.push(name);
  };
  names.forEach(visit);
  return found;
}

/** Return the layers of a branch: an action stands below all that it runs after. */
export function layersOf(actions: JsonObject): readonly (readonly string[])[] {
  const level = new Map<string, number>();
  const layers: string[][] = [];
  for (const name of inOrder(actions)) {
    const above = Object.keys(runAfterOf(actions[name])).map((one) => level.get(one) ?? -1);
    const mine = Math.max(-1, ...above) + 1;
    level.set(name, mine);
    (layers[mine] ??= []).push(name);
  }
  return layers;
}

/** Return the actions of a branch that nothing runs after. */
export function lastOf(actions: JsonObject): readonly string[] {
  const followed = new Set(Object.values(actions).flatMap((one) => Object.keys(runAfterOf(one))));
  return inOrder(actions).filter((name) => !followed.has(name));
}

export function triggerOf(definition: JsonObject): { readonly name: string; readonly trigger: JsonObject } | undefined {
  const [first] = Object.entries(objectOf(definition["triggers"]));
  return first === undefined || !isObject(first[1]) ? undefined : { name: first[0], trigger: first[1] };
}
