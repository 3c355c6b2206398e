import { faultsOf, valuesOf, type SchemaField } from "./schema";
import type { Filled } from "./ConnectionFields";

interface Named {
  readonly credential?: unknown;
}

/** What a form begins with for a connection that is there: its secrets are not known. */
export function filledBy(fields: readonly SchemaField[], parameters: Readonly<Record<string, unknown>>): Filled {
  const typed: Record<string, string> = {};
  const named: Record<string, string> = {};
  for (const { name, kind } of fields) {
    const value = parameters[name];
    const credential = typeof value === "object" && value !== null ? (value as Named).credential : undefined;
    if (typeof credential === "string") named[name] = credential;
    else if (kind !== "secret" && value !== undefined && value !== null) typed[name] = String(value);
  }
  return { typed, named };
}

/** The parameters of a filled form; where a form changes a connection, what was emptied goes. */
export function parametersOf(fields: readonly SchemaField[], { typed, named }: Filled, before?: Filled): Record<string, unknown> {
  const own = fields.filter(({ name }) => named[name] === undefined);
  const credentials = Object.entries(named).map(([name, credential]) => [name, { credential }]);
  const emptied = before === undefined ? [] : own.filter(({ name }) => (typed[name] ?? "") === "" && (before.typed[name] ?? "") !== "");
  return { ...Object.fromEntries(emptied.map(({ name }) => [name, null])), ...valuesOf(own, typed), ...Object.fromEntries(credentials) };
}

/** The names of fields that are not filled as they have to be. */
export function faultsIn(fields: readonly SchemaField[], { typed, named }: Filled, before?: Filled): ReadonlySet<string> {
  const own = fields.filter(({ name, kind }) => named[name] === undefined && (before === undefined || kind !== "secret" || before.named[name] !== undefined));
  const unnamed = Object.entries(named).filter(([, credential]) => credential === "");
  return new Set([...faultsOf(own, typed), ...unnamed.map(([name]) => name)]);
}
