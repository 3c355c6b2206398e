/** The rows of a list, page by page, live as long as few pages are open. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { changes, type Changes, type Topic } from "@/api/changes";
import type { Source, View } from "./model";

const PAGE = 100;

/** Pages that are asked for again by themselves; a longer list says that it has changed. */
export const MOST_LIVE_PAGES = 5;

export function useRows<Row>(source: Source<Row>, view: View) {
  const query = useInfiniteQuery({
    queryKey: ["rows", ...source.key, view],
    queryFn: ({ pageParam, signal }) => source.load(view, pageParam, PAGE, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    meta: { topics: source.topics },
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const outdated = useOutdated(source.topics, (pages?.length ?? 0) > MOST_LIVE_PAGES, query.dataUpdatedAt);
  return { query, rows, outdated };
}

/** Whether a list that is too long to be asked for again by itself has changed since it was read. */
function useOutdated(topics: readonly Topic[], isLong: boolean, readAt: number): boolean {
  const [changedAt, setChangedAt] = useState(0);
  useEffect(() => {
    const touches = (changed: Changes | "everything") => changed === "everything" || topics.some((topic) => topic in changed);
    return changes.onChange((changed) => {
      if (touches(changed)) setChangedAt(Date.now());
    });
  }, [topics]);
  return isLong && changedAt > readAt;
}
