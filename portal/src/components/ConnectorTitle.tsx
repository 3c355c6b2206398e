import { useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import { UserText } from "./UserText";

/** A connector by its name for people; by its own where nobody knows that, or may not ask. */
export function ConnectorTitle({ name }: { readonly name: string }) {
  const { data } = useQuery({ ...endpointQuery("GET /connectors"), staleTime: 60_000 });
  const title = data?.items.find((one) => one.name === name)?.title ?? name;
  return <UserText>{title}</UserText>;
}
