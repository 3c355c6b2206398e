/** What the designer does to a definition: (definition, what) → definition. */
import { isObject, objectOf, renamed, withValueAt, without, type Json, type JsonObject } from "./json";
import { withRenamedReferences } from "./references";
import { actionsIn, branchesOf, findStep, lastOf, runAfterOf, walk, withActionsIn, type Branch, type Step } from "./structure";
import { freeName } from "./document";

export const SUCCEEDED: Json = ["Succeeded"];

/** A place between actions of a branch. */
export interface Place {
  readonly branch: Branch;
  /** The action above; undefined for the branch's beginning. */
  readonly after: string | undefined;
  /** The one action below that is moved down; undefined for all that run after the one above. */
  readonly before?: string | undefined;
  /** Whether it stands beside what runs after the action above, and nothing is moved down. */
  readonly parallel?: boolean;
}

export function addStep(definition: JsonObject, place: Place, name: string, action: JsonObject): JsonObject {
  const siblings = actionsIn(definition, place.branch);
  const added = { ...action, runAfter: place.after === undefined ? {} : { [place.after]: SUCCEEDED } };
  const moved = place.parallel === true ? siblings : mapActions(siblings, (one, key) => behind(one, key, place, name));
  return withActionsIn(definition, place.branch, { ...moved, [name]: added });
}

/** Let an action that stood behind a place run after a new action there. */
function behind(action: JsonObject, key: string, place: Place, name: string): JsonObject {
  const runAfter = runAfterOf(action);
  if (place.before !== undefined && key !== place.before) return action;
  if (place.after === undefined) {
    return Object.keys(runAfter).length > 0 ? action : { ...action, runAfter: { [name]: SUCCEEDED } };
  }
  return Object.hasOwn(runAfter, place.after) ? { ...action, runAfter: renamed(runAfter, place.after, name) } : action;
}

/** Take an action out; what ran after it runs after what it ran after. */
export function deleteStep(definition: JsonObject, name: string): JsonObject {
  const step = findStep(definition, name);
  if (step === undefined) return definition;
  const own = runAfterOf(step.action);
  const rest = mapActions(without(actionsIn(definition, step.branch), name), (action) => {
    const runAfter = runAfterOf(action);
    return Object.hasOwn(runAfter, name) ? { ...action, runAfter: { ...own, ...without(runAfter, name) } } : action;
  });
  return withActionsIn(definition, step.branch, rest);
}

/** Move an action with all that is within it; a place within itself is no place for it. */
export function moveStep(definition: JsonObject, name: string, place: Place): JsonObject {
  const step = findStep(definition, name);
  if (step === undefined || !mayMove(step, place)) return definition;
  return addStep(deleteStep(definition, name), place, name, step.action);
}

/** Return whether a place is another one than a step has, and not within it. */
export function mayMove({ name, branch }: Pick<Step, "name" | "branch">, place: Place): boolean {
  if (place.after === name || place.before === name) return false;
  const own = [...branch.path, name];
  return !own.every((part, index) => place.branch.path[index] === part);
}

/** Move an action one place up or down among those of its branch. */
export function shiftStep(definition: JsonObject, name: string, direction: -1 | 1): JsonObject {
  const step = findStep(definition, name);
  if (step === undefined) return definition;
  const actions = actionsIn(definition, step.branch);
  if (direction === 1) {
    const below = followersOf(actions, name)[0];
    return below === undefined ? definition : moveStep(definition, name, { branch: step.branch, after: below });
  }
  const above = Object.keys(runAfterOf(step.action)).find((one) => Object.hasOwn(actions, one));
  if (above === undefined) return definition;
  const further = Object.keys(runAfterOf(actions[above]))[0];
  return moveStep(definition, name, { branch: step.branch, after: further, before: above });
}

export function followersOf(actions: JsonObject, name: string): readonly string[] {
  return Object.keys(actions).filter((one) => Object.hasOwn(runAfterOf(actions[one]), name));
}

/** Give an action another name; whatever names it names it so. */
export function renameStep(definition: JsonObject, from: string, to: string): JsonObject {
  const step = findStep(definition, from);
  if (step === undefined || from === to) return definition;
  const actions = mapActions(renamed(actionsIn(definition, step.branch), from, to), (action) =>
    Object.hasOwn(runAfterOf(action), from) ? { ...action, runAfter: renamed(runAfterOf(action), from, to) } : action,
  );
  return withRenamedReferences(withActionsIn(definition, step.branch, actions), from, to) as JsonObject;
}

/** Return why an action cannot have a name; undefined if it can. */
export function nameProblem(definition: JsonObject, from: string, to: string): "empty" | "taken" | "long" | undefined {
  if (to.trim() === "") return "empty";
  if (to.length > 80) return "long";
  const lower = to.toLowerCase();
  for (const { name } of walk(definition)) if (name !== from && name.toLowerCase() === lower) return "taken";
  return undefined;
}

export function changeStep(definition: JsonObject, name: string, action: JsonObject): JsonObject {
  const step = findStep(definition, name);
  if (step === undefined) return definition;
  return withActionsIn(definition, step.branch, { ...actionsIn(definition, step.branch), [name]: action });
}

export function changeTrigger(definition: JsonObject, name: string, trigger: JsonObject): JsonObject {
  return { ...definition, triggers: { ...objectOf(definition["triggers"]), [name]: trigger } };
}

/** Put a copy of an action at a place; all within it gets names of its own. */
export function pasteStep(
  definition: JsonObject,
  place: Place,
  wanted: string,
  action: JsonObject,
): readonly [JsonObject, string] {
  const taken = new Set([...walk(definition)].map((step) => step.name));
  const name = freeName(wanted, taken);
  taken.add(name);
  let whole: JsonObject = { actions: { [name]: action } };
  for (const inside of [...walk(whole)].slice(1)) {
    const free = freeName(inside.name, taken);
    taken.add(free);
    whole = renameStep(whole, inside.name, free);
  }
  const copy = objectOf(objectOf(whole["actions"])[name]);
  return [addStep(definition, place, name, withRenamedReferences(copy, wanted, name) as JsonObject), name];
}

/** Return the place below the last action of a branch. */
export function endOf(definition: JsonObject, branch: Branch): Place {
  return { branch, after: lastOf(actionsIn(definition, branch)).at(-1) };
}

export function addCase(definition: JsonObject, name: string): JsonObject {
  const step = findStep(definition, name);
  if (step === undefined) return definition;
  const cases = objectOf(step.action["cases"]);
  const label = freeName("Case", new Set(Object.keys(cases)));
  return changeStep(definition, name, { ...step.action, cases: { ...cases, [label]: { case: "", actions: {} } } });
}

export function deleteCase(definition: JsonObject, name: string, label: string): JsonObject {
  const step = findStep(definition, name);
  if (step === undefined) return definition;
  return changeStep(definition, name, { ...step.action, cases: without(objectOf(step.action["cases"]), label) });
}

export function changeCase(definition: JsonObject, name: string, label: string, value: Json): JsonObject {
  const step = findStep(definition, name);
  return step === undefined
    ? definition
    : changeStep(definition, name, withValueAt(step.action, ["cases", label, "case"], value) as JsonObject);
}

function mapActions(actions: JsonObject, change: (action: JsonObject, name: string) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [name, isObject(action) ? change(action, name) : action]),
  );
}

/** Return how many actions stand within one. */
export function countInside(definition: JsonObject, name: string): number {
  const step = findStep(definition, name);
  if (step === undefined) return 0;
  return branchesOf(name, step.action, [...step.branch.path, name]).reduce(
    (count, branch) => count + [...walk(definition, branch)].length,
    0,
  );
}
