import { useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import { UserText } from "./UserText";

/** Return a connector's name for people; its own where nobody knows that, or may not ask. */
export function useConnectorTitle(name: string): string {
  const { data } = useQuery({ ...endpointQuery("GET /connectors"), staleTime: 60_000 });
  return data?.items.find((one) => one.name === name)?.title ?? name;
}

/** A connector by its name for people. */
export function ConnectorTitle({ name }: { readonly name: string }) {
  return <UserText>{useConnectorTitle(name)}</UserText>;
}
