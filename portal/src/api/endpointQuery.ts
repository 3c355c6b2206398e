/** Questions to the portal's endpoints as the cache keeps them. */
import { queryOptions } from "@tanstack/react-query";
import type { Topic } from "./changes";
import { portal, type EndpointCall, type EndpointName } from "./portal";

export interface Freshness {
  /** What the answer is about; it is asked for anew when that changes. */
  readonly topics?: readonly Topic[];
  /** The one object that it is about. */
  readonly id?: string;
}

/** A question to an endpoint: `useQuery(endpointQuery("GET /queue", { query: { group } }, { topics: ["queue"] }))`. */
export function endpointQuery<Name extends EndpointName>(
  name: Name,
  call: Pick<EndpointCall<Name>, "path" | "query"> = {},
  { topics, id }: Freshness = {},
) {
  return queryOptions({
    queryKey: [name, call.path ?? null, call.query ?? null],
    queryFn: ({ signal }) => portal(name, { ...call, signal } as Parameters<typeof portal<Name>>[1]),
    meta: { ...(topics === undefined ? {} : { topics }), ...(id === undefined ? {} : { id }) },
  });
}
