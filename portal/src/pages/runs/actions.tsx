import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { RunRow } from "@/api/portal";
import { addressOf, runPage, toPage } from "@/components/addresses";
import { isOpen } from "@/components/run/cancelRuns";
import { ManyRuns } from "@/components/run/ManyRuns";
import { fitting, type RunVerb } from "@/components/run/manyRuns";
import type { RowAction } from "@/components/table/model";
import { t } from "@/strings/text";

/** What can be done with runs of a list, and the dialog that asks first. */
export function useRunActions(): {
  readonly rowActions: (run: RunRow) => readonly RowAction[];
  readonly bulkActions: (runs: readonly RunRow[], done: () => void) => readonly RowAction[];
  readonly dialog: ReactNode;
} {
  const navigate = useNavigate();
  const [acting, setActing] = useState<{ readonly verb: RunVerb; readonly runs: readonly RunRow[]; readonly done: () => void }>();
  const go = (to: string) => void navigate(toPage(to));

  const rowActions = (run: RunRow): readonly RowAction[] => [
    { id: "open", label: t("runs.openRun"), run: () => go(runPage(run)) },
    {
      id: "cancel",
      label: t("runs.cancel"),
      run: () => setActing({ verb: "cancel", runs: [run], done: () => undefined }),
      disabled: whyNotCanceled(run),
    },
    ...(run.kind === "cloud" ? (["resubmit", "resume"] as const) : []).map((verb) => ({
      id: verb,
      label: t(`cloudRun.${verb}`),
      run: () => setActing({ verb, runs: [run], done: () => undefined }),
      disabled: fitting(verb, [run]).length > 0 ? undefined : t(isOpen(run) ? "runs.notEnded" : "cloudRun.nothingToResume"),
    })),
    ...(run.flowId === null
      ? []
      : [
          {
            id: "flow",
            label: t("runs.openFlow"),
            run: () => go(run.kind === "desktop" ? addressOf.desktopFlow(run.flowId ?? "") : addressOf.cloudFlow(run.flowId ?? "")),
          },
        ]),
    ...(run.parent === null ? [] : [{ id: "parent", label: t("runs.openParent"), run: () => go(parentPage(run)) }]),
    { id: "copy", label: t("runs.copyId"), run: () => void navigator.clipboard.writeText(run.name ?? run.id) },
  ];
  const bulkActions = (runs: readonly RunRow[], done: () => void): readonly RowAction[] => {
    const verbs: readonly RunVerb[] = runs.some((run) => run.kind === "cloud") ? ["cancel", "resubmit", "resume"] : ["cancel"];
    return verbs.map((verb) => {
      const { length: count } = fitting(verb, runs);
      return {
        id: verb,
        label: t(`many.${verb}.action`, { count }),
        run: () => setActing({ verb, runs, done }),
        disabled: count === 0 ? t(`many.${verb}.none`) : undefined,
      };
    });
  };
  const close = () => {
    acting?.done();
    setActing(undefined);
  };
  return { rowActions, bulkActions, dialog: acting && <ManyRuns verb={acting.verb} runs={acting.runs} onClose={close} /> };
}

/** The page of the run that started another one. */
export function parentPage({ parent }: RunRow): string {
  if (parent === null) return addressOf.desktopRuns;
  return runPage({ kind: parent.kind, id: parent.runId, flowId: parent.flowId, name: parent.runName });
}

function whyNotCanceled(run: RunRow): string | undefined {
  if (run.status === "Canceling") return t("runs.cancelAsked");
  return isOpen(run) ? undefined : t("runs.ended");
}
