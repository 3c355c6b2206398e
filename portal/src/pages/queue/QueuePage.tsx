import { Dropdown, Option, OptionGroup, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type Priority, type QueueItem, type RunQueue, type RunRow } from "@/api/portal";
import { runPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Page } from "@/components/Page";
import { ManyRuns } from "@/components/run/ManyRuns";
import { waitSentence } from "@/components/run/waiting";
import { StatusBadge } from "@/components/StatusBadge";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { Elapsed, Time } from "@/components/Time";
import { friendly } from "@/format/time";
import { preferences } from "@/preferences/preferences";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";
import { modeText } from "../runs/columns";

const useStyles = makeStyles({
  target: { minWidth: "220px" },
  summary: { display: "flex", gap: "4px", color: tokens.colorNeutralForeground2, padding: "0 8px" },
});

const MOST = 1_000;
const PRIORITIES: Readonly<Record<Priority, TextKey>> = {
  top: "queue.priority.top",
  high: "queue.priority.high",
  normal: "queue.priority.normal",
};

function because({ run, waiting }: QueueItem): string {
  if (waiting === null) return run.machine === null ? "" : t("queue.runsOn", { machine: run.machine });
  const since = waiting.since === null ? undefined : friendly(new Date(waiting.since), new Date(), preferences().zone);
  return waitSentence(waiting, run.group ?? "", since);
}

const COLUMNS: readonly Column<QueueItem>[] = [
  {
    id: "place",
    header: t("queue.place"),
    render: ({ waiting }) => (waiting === null || waiting.position === 0 ? "–" : waiting.position),
    text: ({ waiting }) => waiting?.position ?? null,
    width: 40,
    grow: 0.2,
  },
  {
    id: "flow",
    header: t("queue.flow"),
    render: ({ run }) => <UserText>{run.flowName}</UserText>,
    text: ({ run }) => run.flowName,
    width: 120,
    grow: 2,
    isLink: true,
  },
  {
    id: "status",
    header: t("runs.status"),
    render: ({ run }) => <StatusBadge status={run.status} />,
    text: ({ run }) => run.status,
    width: 124,
  },
  {
    id: "because",
    header: t("queue.because"),
    render: (item) => <UserText>{because(item)}</UserText>,
    text: because,
    width: 140,
    grow: 4,
  },
  {
    id: "waits",
    header: t("queue.waits"),
    render: ({ run, waiting }) => (waiting === null ? "–" : <Elapsed since={run.requestedOn} />),
    text: ({ run, waiting }) => (waiting === null ? null : run.requestedOn),
    width: 80,
    numeric: true,
  },
  {
    id: "priority",
    header: t("queue.priority"),
    render: ({ priority }) => t(PRIORITIES[priority]),
    text: ({ priority }) => t(PRIORITIES[priority]),
    width: 80,
  },
  {
    id: "target",
    header: t("queue.target"),
    render: ({ run }) => <UserText>{run.group}</UserText>,
    text: ({ run }) => run.group,
    width: 110,
  },
  { id: "mode", header: t("runs.mode"), render: ({ run }) => modeText(run.mode), text: ({ run }) => modeText(run.mode), width: 100 },
  {
    id: "requested",
    header: t("runs.requested"),
    render: ({ run }) => <Time at={run.requestedOn} />,
    text: ({ run }) => run.requestedOn,
    width: 120,
    optional: true,
  },
];

/** What runs, what waits, and why. */
export function QueuePage() {
  const { group } = useSearch({ strict: false }) as { group?: string };
  const queries = useQueryClient();
  const [canceling, setCanceling] = useState<readonly RunRow[]>();
  const question = useMemo(() => endpointQuery("GET /queue", { query: { limit: MOST, ...(group && { group }) } }, { topics: ["queue", "runs"] }), [group]);
  const queue = useQuery(question);
  const source = useMemo<Source<QueueItem>>(
    () => ({
      key: ["queue", group ?? null],
      topics: ["queue", "runs"],
      searches: true,
      load: async (view, _after, _limit, signal) => {
        const found = await portal("GET /queue", { query: { limit: MOST, ...(group && { group }) }, signal });
        return locally(found.items, view, { texts: ({ run }) => [run.flowName, run.group, run.machine], values: () => 0 });
      },
    }),
    [group],
  );
  const prioritize = useMutation({
    mutationFn: ({ runId, priority }: { runId: string; priority: Priority }) =>
      portal("PUT /desktopruns/{runId}/priority", { path: { runId }, body: { priority } }),
    onSettled: () => queries.invalidateQueries(),
  });
  const rowActions = (item: QueueItem): readonly RowAction[] => {
    const why = (priority: Priority) => {
      if (!item.canChange) return t("queue.noRight");
      if (item.waiting === null) return t("queue.runsAlready");
      return item.priority === priority ? t("queue.isThatAlready") : undefined;
    };
    const give = (priority: Priority, label: TextKey): RowAction => ({
      id: priority,
      label: t(label),
      run: () => prioritize.mutate({ runId: item.run.id, priority }),
      disabled: why(priority),
    });
    return [
      give("top", "queue.toTop"),
      give("high", "queue.toHigh"),
      give("normal", "queue.toNormal"),
      {
        id: "cancel",
        label: t("runs.cancel"),
        run: () => setCanceling([item.run]),
        disabled: item.canChange ? undefined : t("queue.noRight"),
      },
    ];
  };
  const bulkActions = (items: readonly QueueItem[]): readonly RowAction[] => {
    const mine = items.filter((item) => item.canChange).map((item) => item.run);
    return [
      {
        id: "cancel",
        label: t("runs.cancelMany", { count: mine.length }),
        run: () => setCanceling(mine),
        disabled: mine.length === 0 ? t("queue.noRight") : undefined,
      },
    ];
  };
  return (
    <Page title={t("queue.title")} crumbs={[{ text: t("nav.monitor") }]} filled commands={<Target group={group} queue={queue.data} />}>
      {prioritize.error !== null && <ErrorMessage error={prioritize.error} />}
      <DataTable
        name="queue"
        label={t("queue.title")}
        columns={COLUMNS}
        source={source}
        defaultSort=""
        rowId={({ run }) => run.id}
        rowName={({ run }) => t("queue.row", { flow: run.flowName, status: run.status })}
        rowPage={({ run }) => runPage(run)}
        rowActions={rowActions}
        bulkActions={bulkActions}
        empty={<EmptyState title={t("queue.emptyTitle")} text={t("queue.emptyText", { running: queue.data?.running ?? 0 })} />}
        command={() => "deskhand runs list --active"}
      />
      {queue.data?.complete === false && <p>{t("queue.incomplete", { count: queue.data.items.length })}</p>}
      {canceling !== undefined && <ManyRuns verb="cancel" runs={canceling} onClose={() => setCanceling(undefined)} />}
    </Page>
  );
}

function Target({ group, queue }: { readonly group: string | undefined; readonly queue: RunQueue | undefined }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const groups = useQuery(endpointQuery("GET /groups", {}, { topics: ["groups", "machines"] }));
  const items = groups.data?.items ?? [];
  const oldest = queue?.items.filter((item) => item.waiting !== null).reduce((first, { run }) => (first === "" || run.requestedOn < first ? run.requestedOn : first), "");
  const choose = (id: string | undefined) => void navigate({ to: ".", search: ((before: object) => ({ ...before, group: id ?? "" })) as never, replace: true });
  return (
    <>
      <Dropdown
        className={styles.target}
        appearance="filled-lighter"
        aria-label={t("queue.target")}
        value={group === undefined ? t("queue.all") : (items.find((one) => one.id === group)?.name ?? "")}
        selectedOptions={[group ?? ""]}
        onOptionSelect={(_, data) => choose(data.optionValue)}
      >
        <Option value="">{t("queue.all")}</Option>
        <OptionGroup label={t("machines.tab.groups")}>
          {items.map((one) => (
            <Option key={one.id} value={one.id} text={one.name}>
              <UserText>{one.name}</UserText>
            </Option>
          ))}
        </OptionGroup>
      </Dropdown>
      {queue !== undefined && (
        <span role="status" className={styles.summary}>
          {t("queue.summary", { running: queue.running, queued: queue.queued })}
          {oldest !== undefined && oldest !== "" && (
            <>
              {" · "}
              {t("queue.oldest")}
              <Elapsed since={oldest} />
            </>
          )}
        </span>
      )}
    </>
  );
}
