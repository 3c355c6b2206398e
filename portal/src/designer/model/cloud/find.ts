/** Finding steps: by their names, and by what is in them. */
import type { JsonObject } from "./json";
import { cardId } from "./layout";
import { shownName } from "./making";
import { branchesOf, findStep, triggerOf, walk, type Step } from "./structure";

/** Return the cards of the steps in which a text occurs, in the order in which they run. */
export function findSteps(definition: JsonObject, text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const trigger = triggerOf(definition);
  const found = trigger !== undefined && has(wanted, trigger.name, JSON.stringify(trigger.trigger)) ? ["trigger"] : [];
  for (const step of walk(definition)) if (has(wanted, step.name, ownText(step))) found.push(cardId(step.name));
  return found;
}

const has = (wanted: string, name: string, text: string) => [name, shownName(name), text].some((one) => one.toLowerCase().includes(wanted));

/** Return what a step says itself, without what stands within it. */
function ownText({ name, action }: Step): string {
  const inside = branchesOf(name, action, []).map((branch) => branch.path[0]);
  return JSON.stringify(Object.entries(action).filter(([key]) => key !== "runAfter" && !inside.includes(key)));
}

/** Return the steps around one, the innermost first. */
export function stepsAround(definition: JsonObject, name: string): readonly string[] {
  const found: string[] = [];
  for (let owner = findStep(definition, name)?.branch.owner; owner !== undefined; owner = findStep(definition, owner)?.branch.owner) found.push(owner);
  return found;
}
