import type { BroughtReference, ConnectionRow } from "@/api/portal";
import { connectorName } from "./connectorName";

/** The name of a connection by the logical name of a connection reference; empty for one that is to be bound later. */
export type Bindings = Readonly<Record<string, string>>;

/** The connections that a reference can be bound to. */
export function fittingOf(reference: BroughtReference, connections: readonly ConnectionRow[]): ConnectionRow[] {
  const connector = connectorName(reference.connector);
  return connections.filter((one) => one.connector === connector);
}

/** Bindings in which each reference that has none yet is bound to the one connection that fits, where there is just one. */
export function proposed(references: readonly BroughtReference[], connections: readonly ConnectionRow[], bindings: Bindings): Bindings {
  const found = references
    .filter((one) => !(one.logicalName in bindings))
    .map((one) => [one.logicalName, fittingOf(one, connections)] as const)
    .flatMap(([name, [first, ...others]]) => (first !== undefined && others.length === 0 ? [[name, first.name] as const] : []));
  return { ...bindings, ...Object.fromEntries(found) };
}
