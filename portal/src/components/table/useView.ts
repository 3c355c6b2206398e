/** A list's view in the address, so that back, forward, reload and a shared link show the same. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { Filter, View } from "./model";

export interface ViewControl {
  readonly view: View;
  readonly change: (changes: Partial<View>) => void;
  /** Show what a kept view shows. */
  readonly replace: (view: View) => void;
}

export function useView(filters: readonly Filter[], defaultSort: string): ViewControl {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>;
  const navigate = useNavigate();
  const view = useMemo<View>(
    () => ({
      search: search["q"] ?? "",
      sort: search["sort"] ?? defaultSort,
      filters: Object.fromEntries(filters.map(({ id }) => [id, (search[id] ?? "").split(",").filter((one) => one !== "")])),
    }),
    [search, filters, defaultSort],
  );
  const replace = useCallback(
    (next: View) => {
      const values = {
        q: next.search,
        sort: next.sort === defaultSort ? "" : next.sort,
        ...Object.fromEntries(filters.map(({ id }) => [id, next.filters[id]?.join(",") ?? ""])),
      };
      const merge = (before: Readonly<Record<string, unknown>>) => ({ ...before, ...values });
      void navigate({ to: ".", search: merge as never, replace: true });
    },
    [navigate, filters, defaultSort],
  );
  const change = useCallback((changes: Partial<View>) => replace({ ...view, ...changes }), [replace, view]);
  return { view, change, replace };
}
