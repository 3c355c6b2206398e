/** What can be done with a step as a whole, by menu, key or outline. */
import { deleteStep, pasteStep, shiftStep, type Place } from "@/designer/model/cloud/edits";
import { isObject, type JsonObject } from "@/designer/model/cloud/json";
import { cardId, type PlacedCard } from "@/designer/model/cloud/layout";
import { findStep, MAIN } from "@/designer/model/cloud/structure";
import { useDesigner } from "./context";
import { focusCard, focusStep } from "./canvasKeys";

/** What was copied last, in whichever flow; also on the system's clipboard, for other windows. */
let copied: { readonly name: string; readonly action: JsonObject } | undefined;

/** Return where a step that is added from a card goes: below it. */
export function addPlace(definition: JsonObject, card: Pick<PlacedCard, "kind" | "name" | "branch">): Place {
  if (card.kind === "trigger") return { branch: MAIN, after: undefined };
  return { branch: findStep(definition, card.name)?.branch ?? card.branch, after: card.name };
}

export function useStepCommands() {
  const { definition, edit, select, selected } = useDesigner();
  const remove = (name: string) => {
    const above = Object.keys((findStep(definition, name)?.action["runAfter"] ?? {}) as JsonObject)[0];
    edit((before) => deleteStep(before, name));
    if (selected === cardId(name)) select(undefined);
    requestAnimationFrame(() => focusCard(above === undefined ? "trigger" : cardId(above)));
  };
  const copy = (name: string) => {
    const action = findStep(definition, name)?.action;
    if (action === undefined) return;
    copied = { name, action };
    void navigator.clipboard?.writeText(JSON.stringify({ [name]: action }, null, 2)).catch(() => undefined);
  };
  const put = (place: Place, given: typeof copied) => {
    if (given === undefined) return;
    const [, name] = pasteStep(definition, place, given.name, given.action);
    edit((before) => pasteStep(before, place, given.name, given.action)[0]);
    select(cardId(name));
    focusStep(name);
  };
  return {
    remove,
    copy,
    cut: (name: string) => {
      copy(name);
      remove(name);
    },
    paste: (place: Place) => void readClipboard().then((given) => put(place, given)),
    shift: (name: string, direction: -1 | 1) => {
      edit((before) => shiftStep(before, name, direction));
      focusStep(name);
    },
  };
}

async function readClipboard(): Promise<typeof copied> {
  const text = await navigator.clipboard?.readText().catch(() => "");
  try {
    const found: unknown = JSON.parse(text ?? "");
    const [entry] = isObject(found as JsonObject) ? Object.entries(found as JsonObject) : [];
    if (entry !== undefined && isObject(entry[1]) && typeof entry[1]["type"] === "string") return { name: entry[0], action: entry[1] };
  } catch {
    // Something else is on the clipboard, or it may not be read: what was copied here counts.
  }
  return copied;
}
