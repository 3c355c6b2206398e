/** The portal's own endpoints, by the types that were generated from their declarations. */
import { request } from "./client";
import type { Endpoints } from "./portal.generated";

export type * from "./portal.generated";

export type EndpointName = keyof Endpoints;
type Nothing = Record<never, never>;
type Part<Name extends EndpointName, Place extends "path" | "query"> = Endpoints[Name][Place];

export interface EndpointCall<Name extends EndpointName> {
  readonly path?: Part<Name, "path">;
  readonly query?: Part<Name, "query">;
  readonly body?: Endpoints[Name]["body"];
  readonly signal?: AbortSignal | undefined;
}

type Required_<Name extends EndpointName> = (Part<Name, "path"> extends Nothing
  ? Nothing extends Part<Name, "path">
    ? Nothing
    : { readonly path: Part<Name, "path"> }
  : Nothing) &
  (Endpoints[Name]["body"] extends undefined ? Nothing : { readonly body: Endpoints[Name]["body"] });

/** Call an endpoint: `portal("GET /machines/{machineId}", { path: { machineId } })`. */
export function portal<Name extends EndpointName>(
  name: Name,
  call: EndpointCall<Name> & Required_<Name> = {} as EndpointCall<Name> & Required_<Name>,
): Promise<Endpoints[Name]["answer"]> {
  const [method = "GET", template = ""] = name.split(" ");
  const values = (call.path ?? {}) as Readonly<Record<string, string>>;
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ""));
  return request(`/api/portal${path}`, {
    method,
    query: (call.query ?? {}) as Readonly<Record<string, unknown>>,
    body: call.body,
    signal: call.signal,
  });
}
