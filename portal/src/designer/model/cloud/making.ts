/** New flows and new steps, as the original's designer writes them. */
import type { ActionOffer, OperationOffer, TriggerOffer } from "@/api/portal";
import { withValueAt, type Json, type JsonObject } from "./json";

const SCHEMA = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#";

/** Return the document of a flow that has a trigger and nothing else yet. */
export function newDocument(triggerName: string, trigger: JsonObject): JsonObject {
  return {
    properties: {
      connectionReferences: {},
      definition: {
        $schema: SCHEMA,
        contentVersion: "1.0.0.0",
        parameters: {
          $connections: { defaultValue: {}, type: "Object" },
          $authentication: { defaultValue: {}, type: "SecureObject" },
        },
        triggers: { [triggerName]: trigger },
        actions: {},
        outputs: {},
      },
    },
    schemaVersion: "1.0.0.0",
  };
}

/** *Manually trigger a flow*. */
export const MANUAL_TRIGGER: JsonObject = {
  type: "Request",
  kind: "Button",
  inputs: { schema: { type: "object", properties: {}, required: [] } },
};

export const HTTP_TRIGGER: JsonObject = { type: "Request", kind: "Http", inputs: { schema: {} } };

export interface Schedule {
  readonly interval: number;
  readonly frequency: string;
  readonly timeZone: string;
  readonly startTime: string;
}

export function recurrenceTrigger({ interval, frequency, timeZone, startTime }: Schedule): JsonObject {
  return {
    type: "Recurrence",
    recurrence: { frequency, interval, ...(timeZone === "" ? {} : { timeZone }), ...(startTime === "" ? {} : { startTime }) },
  };
}

/** Return a trigger of a declared type with nothing filled in. */
export function triggerOf(offer: TriggerOffer): JsonObject {
  const [connector, operation] = offer.name.split("/");
  if (operation === undefined) return { type: offer.name, inputs: {} };
  return {
    type: "OpenApiConnectionWebhook",
    inputs: { host: hostOf(connector ?? "", operation, connector ?? ""), parameters: {} },
  };
}

/** Return an action of a built-in type with nothing filled in. */
export function actionOf(offer: ActionOffer): JsonObject {
  switch (offer.type.toLowerCase()) {
    case "if":
      return { type: "If", expression: { and: [{ equals: ["", ""] }] }, actions: {}, else: { actions: {} } };
    case "switch":
      return { type: "Switch", expression: "", cases: { Case: { case: "", actions: {} } }, default: { actions: {} } };
    case "foreach":
      return { type: "Foreach", foreach: "", actions: {} };
    case "until":
      return { type: "Until", expression: "@equals(1, 1)", limit: { count: 60, timeout: "PT1H" }, actions: {} };
    case "scope":
      return { type: "Scope", actions: {} };
    case "initializevariable":
      return { type: "InitializeVariable", inputs: { variables: [{ name: "", type: "string" }] } };
    case "terminate":
      return { type: "Terminate", inputs: { runStatus: "Failed" } };
    case "wait":
      return { type: "Wait", inputs: { interval: { count: 1, unit: "Minute" } } };
    case "response":
      return { type: "Response", kind: "Http", inputs: { statusCode: 200 } };
    case "http":
      return { type: "Http", inputs: { method: "GET", uri: "" } };
    case "compose":
      return { type: "Compose" };
    default:
      return { type: offer.type, inputs: {} };
  }
}

/** Return an action that calls an operation of a connector; `connection` is its key in the document. */
export function operationAction(connector: string, operation: OperationOffer, connection: string): JsonObject {
  return {
    type: "OpenApiConnection",
    inputs: { host: hostOf(connector, operation.id, connection), parameters: {}, authentication: "@parameters('$authentication')" },
  };
}

function hostOf(connector: string, operationId: string, connectionName: string): JsonObject {
  return { connectionName, operationId, apiId: `/providers/Microsoft.PowerApps/apis/${connector}` };
}

/** Return the name that a new step has: its title with underscores. */
export function stepName(title: string): string {
  return title.replace(/[^\p{L}\p{N}_()-]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 70) || "Action";
}

/** Return a step's name as people read it. */
export function shownName(name: string): string {
  return name.replaceAll("_", " ");
}

/** Return a value with what was typed into a field put at its place. */
export function withField(action: JsonObject, path: readonly string[], type: string, text: string): JsonObject {
  return withValueAt(action, path, text === "" ? undefined : readTyped(type, text)) as JsonObject;
}

/** Return what was typed as a value of a field's type; expressions stay texts. */
export function readTyped(type: string, text: string): Json {
  if (type === "string" || type === "duration" || type === "expression") return readExpression(type, text);
  if (text.startsWith("@")) return text;
  if (type === "integer" || type === "number") return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return readJson(text);
}

function readExpression(type: string, text: string): Json {
  return type === "expression" && /^\s*[{[]/.test(text) ? readJson(text) : text;
}

/** Return JSON where the text is JSON of more than a text, and the text itself otherwise. */
function readJson(text: string): Json {
  if (!/^\s*([{["\-\d]|true\s*$|false\s*$|null\s*$)/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Return a value as a field shows it. */
export function typed(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
