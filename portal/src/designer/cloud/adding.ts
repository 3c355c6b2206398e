/** What a choice of *Choose an action* adds to the flow. */
import { connectionsOf, definitionOf, freeName, withDefinition, type FlowDocument } from "@/designer/model/cloud/document";
import { addStep, type Place } from "@/designer/model/cloud/edits";
import { actionOf, operationAction, stepName } from "@/designer/model/cloud/making";
import { valueAt } from "@/designer/model/cloud/json";
import { stepNames } from "@/designer/model/cloud/structure";
import type { Offer } from "@/designer/palette/offerList";

export function addChosen(document: FlowDocument, place: Place, offer: Offer): { readonly document: FlowDocument; readonly name: string } {
  const definition = definitionOf(document);
  const name = freeName(stepName(offer.title), stepNames(definition));
  const action =
    offer.connector !== undefined && offer.operation !== undefined
      ? operationAction(offer.connector.name, offer.operation, knownConnection(document, offer.connector.name))
      : offer.action === undefined
        ? {}
        : actionOf(offer.action);
  return { document: withDefinition(document, addStep(definition, place, name, action)), name };
}

/** Return the connection that the flow has to a connector already, if there is one. */
function knownConnection(document: FlowDocument, connector: string): string {
  const known = Object.entries(connectionsOf(document)).find(
    ([, one]) => String(valueAt(one, ["api", "name"])).toLowerCase() === connector.toLowerCase(),
  );
  return known?.[0] ?? connector;
}
