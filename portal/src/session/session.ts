/** Who is signed in. Asked for once; the shell shows no page before it is known. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { portal, type SessionInfo } from "@/api/portal";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => portal("GET /session", { signal }),
  staleTime: 300_000,
});

export function useSession(): SessionInfo {
  return useSuspenseQuery(sessionQuery).data;
}
