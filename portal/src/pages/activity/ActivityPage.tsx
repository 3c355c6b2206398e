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
import { t, type TextKey } from "@/strings/text";
import { useRunActions } from "../runs/actions";
import { BOTH_COLUMNS, PERIOD, runName, since } from "../runs/columns";

type Part = "last" | "errors" | "current";

const PARTS: Readonly<Record<Part, { readonly text: TextKey; readonly status: readonly RunStatus[] }>> = {
  last: { text: "activity.last", status: [] },
  errors: { text: "activity.errors", status: ["Failed", "Timed out"] },
  current: { text: "activity.current", status: ["Queued", "Next to run", "Running", "Canceling", "Paused"] },
};
const FILTERS = [PERIOD];
const COLUMNS: readonly Column<RunRow>[] = BOTH_COLUMNS;

/** What ran lately and what runs now, of both kinds of flows. The period is kept from tab to tab. */
export function ActivityPage() {
  const { tab = "last" } = useSearch({ strict: false }) as { tab?: Part };
  const navigate = useNavigate();
  const actions = useRunActions();
  const source = useMemo(() => sourceOf(tab), [tab]);
  return (
    <Page title={t("activity.title")} crumbs={[{ text: t("nav.monitor") }]} filled>
      <TabList
        selectedValue={tab}
        onTabSelect={(_, data) => void navigate({ to: ".", search: ((before: object) => ({ ...before, tab: data.value })) as never })}
      >
        {(Object.keys(PARTS) as Part[]).map((part) => (
          <Tab key={part} value={part}>
            {t(PARTS[part].text)}
          </Tab>
        ))}
      </TabList>
      <DataTable
        key={tab}
        name="activity"
        label={t(PARTS[tab].text)}
        columns={COLUMNS}
        filters={FILTERS}
        source={source}
        defaultSort=""
        rowId={(run) => run.id}
        rowName={runName}
        rowPage={runPage}
        rowActions={actions.rowActions}
        bulkActions={actions.bulkActions}
        empty={<EmptyState title={t("activity.emptyTitle")} text={t(tab === "current" ? "activity.emptyNow" : "activity.emptyText")} />}
        command={(view) => listRequest("/runs", { status: PARTS[tab].status, search: view.search, since: since(view.filters["within"]) })}
      />
      {actions.dialog}
    </Page>
  );
}

function sourceOf(part: Part): Source<RunRow> {
  return {
    key: ["activity", part],
    topics: ["runs", "cloudruns", "queue"],
    searches: true,
    load: async (view, after, limit, signal) => {
      const from = since(view.filters["within"]);
      const { items } = await portal("GET /runs", {
        query: {
          limit,
          status: [...PARTS[part].status],
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
