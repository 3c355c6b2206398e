import { Tab, TabList } from "@fluentui/react-components";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { portal, type RunRow, type RunStatus } from "@/api/portal";
import { runPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { DataTable } from "@/components/table/DataTable";
import { listRequest } from "@/components/table/listCommand";
import type { Column, Source } from "@/components/table/model";
import { t } from "@/strings/text";
import { useRunActions } from "../runs/actions";
import { BOTH_COLUMNS, PERIOD, runName, since } from "../runs/columns";
import { MachineActivity } from "./MachineActivity";

type RunPart = "last" | "errors" | "current";
type Part = RunPart | "machines";

const PARTS: readonly Part[] = ["last", "errors", "machines", "current"];
const RUNS: Readonly<Record<RunPart, { readonly status: readonly RunStatus[] }>> = {
  last: { status: [] },
  errors: { status: ["Failed", "Timed out"] },
  current: { status: ["Queued", "Next to run", "Running", "Canceling", "Paused"] },
};
const FILTERS = [PERIOD];
const COLUMNS: readonly Column<RunRow>[] = BOTH_COLUMNS;

/** What ran lately, on which machines, and what runs now, of both kinds of flows. The period is kept from tab to tab. */
export function ActivityPage() {
  const { tab = "last", within = "" } = useSearch({ strict: false }) as { tab?: Part; within?: string };
  const navigate = useNavigate();
  const show = (part: Part) => {
    // Lists of other things have another order, and are searched for something else.
    const kept = (part === "machines") === (tab === "machines") ? {} : { sort: undefined, q: undefined };
    void navigate({ to: ".", search: ((before: object) => ({ ...before, ...kept, tab: part })) as never });
  };
  return (
    <Page title={t("activity.title")} crumbs={[{ text: t("nav.monitor") }]} filled>
      <TabList selectedValue={tab} onTabSelect={(_, data) => show(data.value as Part)}>
        {PARTS.map((part) => (
          <Tab key={part} value={part}>
            {t(`activity.${part}`)}
          </Tab>
        ))}
      </TabList>
      {tab === "machines" ? <MachineActivity period={within} /> : <Runs key={tab} part={tab} />}
    </Page>
  );
}

function Runs({ part }: { readonly part: RunPart }) {
  const actions = useRunActions();
  const source = useMemo(() => sourceOf(part), [part]);
  return (
    <>
      <DataTable
        name="activity"
        label={t(`activity.${part}`)}
        columns={COLUMNS}
        filters={FILTERS}
        source={source}
        defaultSort=""
        rowId={(run) => run.id}
        rowName={runName}
        rowPage={runPage}
        rowActions={actions.rowActions}
        bulkActions={actions.bulkActions}
        empty={<EmptyState title={t("activity.emptyTitle")} text={t(part === "current" ? "activity.emptyNow" : "activity.emptyText")} />}
        command={(view) => listRequest("/runs", { status: RUNS[part].status, search: view.search, since: since(view.filters["within"]) })}
      />
      {actions.dialog}
    </>
  );
}

function sourceOf(part: RunPart): Source<RunRow> {
  return {
    key: ["activity", part],
    topics: ["runs", "cloudruns", "queue"],
    searches: true,
    load: async (view, after, limit, signal) => {
      const from = since(view.filters["within"]);
      const { items } = await portal("GET /runs", {
        query: {
          limit,
          status: [...RUNS[part].status],
          ...(view.search !== "" && { search: view.search }),
          ...(from !== undefined && { since: from }),
          ...(after !== null && { until: after }),
        },
        signal,
      });
      return { items, next: items.length === limit ? (items.at(-1)?.requestedOn ?? null) : null };
    },
  };
}
