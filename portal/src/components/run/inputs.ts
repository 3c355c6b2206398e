/** Inputs of a desktop flow: what people type, and the values that it means. */
import type { FlowParameter } from "@/api/portal";

export type InputKind = "text" | "number" | "boolean" | "json";

/** What is typed into one field; true and false for a switch. */
export type Typed = string | boolean;

export interface ReadInputs {
  readonly values: Record<string, unknown>;
  /** What is wrong, by the name of the input. */
  readonly faults: Readonly<Record<string, InputFault>>;
}

export type InputFault = "missing" | "notNumber" | "notJson" | "notObject" | "notList";

export function kindOf({ type }: Pick<FlowParameter, "type">): InputKind {
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  return type === "object" || type === "array" ? "json" : "text";
}

/** What a field shows of a value. */
export function written(parameter: FlowParameter, value: unknown): Typed {
  if (kindOf(parameter) === "boolean") return value === true || value === "true";
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, kindOf(parameter) === "json" ? 2 : 0);
}

/**
 * Read what was typed. A field that was left empty is left out where the flow can do without it, or where it
 * keeps what it had: a sensitive input of a run that is repeated.
 */
export function readInputs(
  parameters: readonly FlowParameter[],
  typed: Readonly<Record<string, Typed>>,
  keepsSensitive: boolean,
): ReadInputs {
  const values: Record<string, unknown> = {};
  const faults: Record<string, InputFault> = {};
  for (const parameter of parameters) {
    const text = typed[parameter.name] ?? "";
    if (text === "") {
      if (parameter.sensitive && keepsSensitive) continue;
      if (parameter.required) faults[parameter.name] = "missing";
      else if (kindOf(parameter) === "text" && parameter.default !== null && parameter.default !== "") values[parameter.name] = "";
      continue;
    }
    const read = readValue(parameter, text);
    if ("fault" in read) faults[parameter.name] = read.fault;
    else values[parameter.name] = read.value;
  }
  return { values, faults };
}

function readValue(parameter: FlowParameter, text: Typed): { readonly value: unknown } | { readonly fault: InputFault } {
  const kind = kindOf(parameter);
  if (typeof text === "boolean" || kind === "text") return { value: text };
  if (kind === "number") {
    const value = Number(text);
    return Number.isFinite(value) && text.trim() !== "" ? { value } : { fault: "notNumber" };
  }
  const value = readJson(text);
  if (value === undefined) return { fault: "notJson" };
  if (parameter.type === "array" && !Array.isArray(value)) return { fault: "notList" };
  if (parameter.type === "object" && (typeof value !== "object" || value === null || Array.isArray(value))) return { fault: "notObject" };
  return { value };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Inputs of a flow that does not say which ones it has: an object as JSON, or nothing. */
export function readFreeInputs(text: string): { readonly values: Record<string, unknown> } | { readonly fault: InputFault } {
  if (text.trim() === "") return { values: {} };
  const value = readJson(text);
  if (value === undefined) return { fault: "notJson" };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { fault: "notObject" };
  return { values: value as Record<string, unknown> };
}

/** The values that may be remembered in the browser: none that is sensitive. */
export function rememberable(
  parameters: readonly FlowParameter[],
  typed: Readonly<Record<string, Typed>>,
): Readonly<Record<string, Typed>> {
  const open = new Set(parameters.filter((one) => !one.sensitive).map((one) => one.name));
  return Object.fromEntries(Object.entries(typed).filter(([name]) => open.has(name)));
}
