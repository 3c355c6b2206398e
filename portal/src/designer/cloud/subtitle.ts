/** The second line of a card: what the step is about, in short. */
import type { DesktopFlowDetails, Palette } from "@/api/portal";
import type { FlowDocument } from "@/designer/model/cloud/document";
import { countInside } from "@/designer/model/cloud/edits";
import { objectOf, valueAt, type Json, type JsonObject } from "@/designer/model/cloud/json";
import type { PlacedCard } from "@/designer/model/cloud/layout";
import { shownName, typed } from "@/designer/model/cloud/making";
import { actionOffer, operationOf, triggerOffer } from "@/designer/model/cloud/offers";
import { spokenText } from "@/designer/model/cloud/segments";
import { typeOf } from "@/designer/model/cloud/structure";
import { chipWords } from "@/designer/expressions/chipWords";
import { t } from "@/strings/text";

interface Known {
  readonly document: FlowDocument;
  readonly definition: JsonObject;
  readonly palette: Palette;
  readonly desktopFlows: ReadonlyMap<string, DesktopFlowDetails>;
}

export function subtitleOf(card: PlacedCard, step: JsonObject, known: Known): string {
  if (card.folded) return t("cloud.folded", { count: countInside(known.definition, card.name) });
  const told = about(step, known);
  if (told !== "") return told;
  const title = card.kind === "trigger" ? undefined : titleOf(step, known, false);
  return title === undefined || sameName(title, card.name) ? "" : title;
}

export function titleOf(step: JsonObject, { document, palette }: Pick<Known, "document" | "palette">, isTrigger: boolean): string | undefined {
  if (isTrigger) return isButton(step) ? t("cloud.new.manualTrigger") : triggerOffer(step, document, palette)?.title;
  return operationOf(step, document, palette)?.operation.title ?? actionOffer(step, palette)?.title;
}

/** Whether it is a trigger that somebody presses. */
const isButton = (step: JsonObject) => typeOf(step) === "request" && String(step["kind"]).toLowerCase() === "button";

function about(step: JsonObject, { desktopFlows }: Known): string {
  const inputs = objectOf(step["inputs"]);
  switch (typeOf(step)) {
    case "recurrence": {
      const { interval, frequency } = objectOf(step["recurrence"]);
      return interval === undefined ? "" : `${typed(interval)} × ${typed(frequency)}`;
    }
    case "foreach":
      return shortened(step["foreach"] === "" ? "" : spoken(step["foreach"]));
    case "switch":
      return shortened(spoken(step["expression"]));
    case "compose":
      return shortened(spoken(step["inputs"]));
    case "http":
      return shortened([inputs["method"], inputs["uri"]].map(spoken).join(" ").trim());
    case "initializevariable":
      return typed(valueAt(step, ["inputs", "variables", "0", "name"]));
    case "setvariable":
    case "incrementvariable":
      return typed(inputs["name"]);
    default: {
      const flowId = valueAt(step, ["inputs", "parameters", "uiFlowId"]);
      return typeof flowId === "string" ? (desktopFlows.get(flowId)?.flow.name ?? "") : "";
    }
  }
}

const spoken = (value: Json | undefined) => spokenText(typed(value), chipWords());
const shortened = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

function sameName(title: string, name: string): boolean {
  return shownName(name).replace(/ \d+$/, "").toLowerCase() === title.toLowerCase();
}
