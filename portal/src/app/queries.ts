/** The cache of what the server said, and how news of the server reach it. */
import { QueryClient } from "@tanstack/react-query";
import { changes, type Changes, type Topic } from "@/api/changes";
import { Problem } from "@/api/problem";
import { MOST_LIVE_PAGES } from "@/components/table/useRows";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Error;
    queryMeta: {
      /** What the answer is about; it is asked for anew when that changes. */
      readonly topics?: readonly Topic[];
      /** The one object that the answer is about, where changes of others do not matter. */
      readonly id?: string;
    };
  }
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => (error instanceof Problem ? error.isOffline && failures < 2 : failures < 2),
      refetchOnWindowFocus: true,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** Whether an answer about something is out of date after changes. */
export function isTouched(changed: Changes, topics: readonly Topic[], id: string | undefined): boolean {
  return topics.some((topic) => {
    const ids = changed[topic];
    if (ids === undefined) return false;
    return ids === null || ids === true || id === undefined || ids.includes(id);
  });
}

changes.onChange((changed) => {
  void queryClient.invalidateQueries({
    predicate: ({ meta, state }) =>
      meta?.topics !== undefined &&
      !isLongList(state.data) &&
      (changed === "everything" || isTouched(changed, meta.topics, meta.id)),
  });
});

/** A list of many pages says that it has changed, and is read again when somebody asks for it. */
function isLongList(data: unknown): boolean {
  return typeof data === "object" && data !== null && "pages" in data && Array.isArray(data.pages) && data.pages.length > MOST_LIVE_PAGES;
}
