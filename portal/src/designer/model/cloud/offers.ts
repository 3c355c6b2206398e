/** What a step is in the words of the palette: its title, its fields, what it gives. */
import type { ActionOffer, ConnectorOffer, OperationOffer, Palette, TriggerOffer } from "@/api/portal";
import { isObject, objectOf, valueAt, type Json, type JsonObject } from "./json";
import { connectionsOf, type FlowDocument } from "./document";
import { typeOf } from "./structure";

export interface KnownOperation {
  readonly connector: ConnectorOffer;
  readonly operation: OperationOffer;
}

export interface FieldOffer {
  readonly path: readonly string[];
  readonly title: string;
  readonly type: string;
  readonly required: boolean;
  readonly options: readonly string[];
  readonly doc: string;
  readonly sensitive?: boolean;
}

const apiName = (api: string) => api.replace(/\/+$/, "").split("/").at(-1) ?? "";

export const isConnectorCall = (step: JsonObject) => /^(openapi|api)connection/.test(typeOf(step));

/** Return the connector's name and the operation's id that a step calls. */
export function calledBy(step: JsonObject, document: FlowDocument): { readonly api: string; readonly operation: string } | undefined {
  if (!isConnectorCall(step)) return undefined;
  const host = objectOf(valueAt(step, ["inputs", "host"]));
  const key = typeof host["connectionName"] === "string" ? host["connectionName"] : "";
  const reference = connectionsOf(document)[key];
  const named = host["apiId"] ?? valueAt(reference, ["api", "name"]) ?? valueAt(reference, ["id"]);
  if (typeof named !== "string" || typeof host["operationId"] !== "string") return undefined;
  return { api: apiName(named), operation: host["operationId"] };
}

export function connectionKeyOf(step: JsonObject): string | undefined {
  const key = valueAt(step, ["inputs", "host", "connectionName"]);
  return typeof key === "string" ? key : undefined;
}

export function operationOf(step: JsonObject, document: FlowDocument, palette: Palette): KnownOperation | undefined {
  const called = calledBy(step, document);
  if (called === undefined) return undefined;
  const connector = palette.connectors.find((one) => one.name.toLowerCase() === called.api.toLowerCase());
  const operation = connector?.operations.find((one) => one.id.toLowerCase() === called.operation.toLowerCase());
  return connector === undefined || operation === undefined ? undefined : { connector, operation };
}

export function actionOffer(step: JsonObject, palette: Palette): ActionOffer | undefined {
  return palette.actions.find((one) => one.type.toLowerCase() === typeOf(step));
}

export function triggerOffer(step: JsonObject, document: FlowDocument, palette: Palette): TriggerOffer | undefined {
  const called = calledBy(step, document);
  const name = called === undefined ? typeOf(step) : `${called.api}/${called.operation}`;
  return palette.triggers.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** Return the fields of an operation's card: its parameters, as their schema has them. */
export function operationFields({ operation }: KnownOperation): readonly FieldOffer[] {
  const schema = operation.inputs as unknown as Json;
  const required = valueAt(schema, ["required"]);
  const listed = Array.isArray(required) ? (required as readonly Json[]).map(String) : [];
  return Object.entries(objectOf(valueAt(schema, ["properties"])))
    .filter(([, one]) => isObject(one))
    .map(([name, one]) => {
      const options = valueAt(one, ["enum"]);
      return {
        path: ["inputs", "parameters", name],
        title: text(valueAt(one, ["title"])) || name,
        type: text(valueAt(one, ["type"])) || "any",
        required: listed.includes(name),
        options: Array.isArray(options) ? (options as readonly Json[]).map(String) : [],
        doc: text(valueAt(one, ["description"])),
      };
    });
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
