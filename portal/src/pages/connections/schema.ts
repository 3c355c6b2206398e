/** What a connection holds, as its connector's schema describes it. */

export interface SchemaField {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "text" | "number" | "boolean" | "choice" | "secret";
  readonly choices: readonly string[];
  readonly required: boolean;
}

interface Property {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
}

/** The fields of a schema, in its order. */
export function fieldsOf(schema: Readonly<Record<string, unknown>>): readonly SchemaField[] {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Property>>;
  const required = (schema["required"] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    title: property.title ?? name,
    description: property.description ?? "",
    kind: kindOf(property),
    choices: (property.enum ?? []).map(String),
    required: required.includes(name),
  }));
}

function kindOf({ type, format, enum: choices }: Property): SchemaField["kind"] {
  if (format === "password") return "secret";
  if (choices !== undefined) return "choice";
  if (type === "integer" || type === "number") return "number";
  return type === "boolean" ? "boolean" : "text";
}

/** The values that were typed; what was left empty is left out. */
export function valuesOf(fields: readonly SchemaField[], typed: Readonly<Record<string, string>>): Record<string, unknown> {
  const given = fields.filter(({ name }) => (typed[name] ?? "") !== "");
  return Object.fromEntries(given.map(({ name, kind }) => [name, read(kind, typed[name] ?? "")]));
}

function read(kind: SchemaField["kind"], text: string): unknown {
  if (kind === "number") return Number(text);
  return kind === "boolean" ? text === "true" : text;
}

/** The names of required fields that are empty, and of numbers that are none. */
export function faultsOf(fields: readonly SchemaField[], typed: Readonly<Record<string, string>>): ReadonlySet<string> {
  const isWrong = ({ name, kind, required }: SchemaField) => {
    const text = typed[name] ?? "";
    return text === "" ? required : kind === "number" && !Number.isFinite(Number(text));
  };
  return new Set(fields.filter(isWrong).map(({ name }) => name));
}
