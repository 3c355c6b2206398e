/** Replaces what is found in rows; the server reads and prints their fields. */
import { useMutation } from "@tanstack/react-query";
import { portal, type ReplacedRow } from "@/api/portal";
import { rewriteAll, type Rewritten } from "@/designer/model/desktop/edits";
import type { FoundRow } from "@/designer/model/desktop/find";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

/** What became of the rows of a replacement. */
export interface Replaced {
  /** How often something was replaced, and in how many rows. */
  readonly count: number;
  readonly rows: number;
  /** Why rows stay as they were, by their keys. */
  readonly left: ReadonlyMap<number, string>;
}

export interface Replacing {
  readonly done: Replaced | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly replace: (found: readonly FoundRow[]) => void;
  readonly forget: () => void;
}

/** Replacing is one step to undo, however many rows it changes. */
export function useReplacing(): Replacing {
  const { dispatch, look } = useDesigner();
  const { text, by, matchCase, wholeName } = look.search;
  const act = useMutation({
    mutationFn: async (found: readonly FoundRow[]) => {
      const rows = found.map(({ row }) => row.text);
      const answer = await portal("POST /robin/replace", { body: { rows, search: text, by, matchCase, wholeName } });
      return { found, made: answer.rows };
    },
    onSuccess: ({ found, made }) => {
      const changes = new Map<number, Rewritten>();
      found.forEach(({ row }, at) => {
        const next = made[at]?.row;
        if (next != null) changes.set(row.key, { before: row.text, row: next });
      });
      dispatch({ type: "edit", change: (before) => rewriteAll(before, changes) });
    },
  });
  const { data } = act;
  return {
    done: data === undefined ? undefined : outcome(data.found, data.made),
    error: act.error,
    isPending: act.isPending,
    replace: (found) => {
      if (!act.isPending && found.length > 0) act.mutate(found);
    },
    forget: act.reset,
  };
}

function outcome(found: readonly FoundRow[], made: readonly ReplacedRow[]): Replaced {
  const left = new Map<number, string>();
  let count = 0;
  made.forEach((one, at) => {
    const key = found[at]?.row.key ?? 0;
    if (one.row != null) count += one.count;
    else left.set(key, (one.problems ?? []).map(({ message }) => message).join(" ") || t("finding.notInFields"));
  });
  return { count, rows: made.length - left.size, left };
}
