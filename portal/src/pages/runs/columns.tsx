import type { Mode, RunRow, RunStatus } from "@/api/portal";
import { Duration, Elapsed, Time } from "@/components/Time";
import { StatusBadge } from "@/components/StatusBadge";
import type { Column, Filter } from "@/components/table/model";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";

const MODES: Readonly<Record<Mode, TextKey>> = {
  attended: "runs.mode.attended",
  unattended: "runs.mode.unattended",
  local: "runs.mode.local",
};
const STARTED_BY: Readonly<Record<string, TextKey>> = {
  api: "runs.startedBy.api",
  cloudFlow: "runs.startedBy.cloudFlow",
  desktopFlow: "runs.startedBy.desktopFlow",
  local: "runs.startedBy.local",
  designer: "runs.startedBy.designer",
};

export function modeText(mode: Mode | null): string {
  return mode === null ? "" : t(MODES[mode]);
}

/** What started a run: for a desktop flow one of our words, for a cloud flow what its trigger is. */
export function startedByText(startedBy: string | null): string {
  const known = startedBy === null ? undefined : STARTED_BY[startedBy];
  return known === undefined ? (startedBy ?? "") : t(known);
}

function RunTime({ run }: { readonly run: RunRow }) {
  if (run.runMs !== null && run.completedOn !== null) return <Duration ms={run.runMs} />;
  return run.startedOn !== null && run.completedOn === null ? <Elapsed since={run.startedOn} /> : null;
}

function WaitTime({ run }: { readonly run: RunRow }) {
  if (run.waitMs !== null) return <Duration ms={run.waitMs} />;
  // How long it waited is kept with its end; until then its begin tells.
  if (run.startedOn !== null) return <Duration ms={Date.parse(run.startedOn) - Date.parse(run.requestedOn)} />;
  return run.completedOn === null ? <Elapsed since={run.requestedOn} /> : null;
}

const requested: Column<RunRow> = {
  id: "requested",
  header: t("runs.requested"),
  render: (run) => <Time at={run.requestedOn} />,
  text: (run) => run.requestedOn,
  sort: "requestedOn",
  width: 130,
  isLink: true,
};
const flow = (header: string, sort?: string): Column<RunRow> => ({
  id: "flow",
  header,
  render: (run) => <UserText>{run.flowName}</UserText>,
  text: (run) => run.flowName,
  width: 150,
  grow: 2,
  ...(sort === undefined ? {} : { sort }),
});
const status: Column<RunRow> = {
  id: "status",
  header: t("runs.status"),
  render: (run) => <StatusBadge status={run.status} />,
  text: (run) => run.status,
  width: 120,
};
const runTime: Column<RunRow> = {
  id: "runTime",
  header: t("runs.runTime"),
  render: (run) => <RunTime run={run} />,
  text: (run) => run.runMs,
  sort: "runMs",
  width: 100,
  numeric: true,
};
const parent: Column<RunRow> = {
  id: "parent",
  header: t("runs.parent"),
  render: (run) => <UserText>{run.parent?.flowName}</UserText>,
  text: (run) => run.parent?.flowName ?? null,
  width: 110,
};
const error: Column<RunRow> = {
  id: "error",
  header: t("runs.error"),
  render: (run) => <UserText>{run.errorMessage}</UserText>,
  text: (run) => run.errorMessage,
  width: 200,
  grow: 3,
  optional: true,
};

export const DESKTOP_COLUMNS: readonly Column<RunRow>[] = [
  requested,
  flow(t("runs.desktopFlow"), "flowName"),
  status,
  { id: "mode", header: t("runs.mode"), render: (run) => modeText(run.mode), text: (run) => modeText(run.mode), width: 100 },
  {
    id: "queueTime",
    header: t("runs.queueTime"),
    render: (run) => <WaitTime run={run} />,
    text: (run) => run.waitMs,
    sort: "waitMs",
    width: 100,
    numeric: true,
  },
  runTime,
  {
    id: "machine",
    header: t("runs.machine"),
    render: (run) => <UserText>{run.machine ?? run.group}</UserText>,
    text: (run) => run.machine ?? run.group,
    width: 120,
  },
  parent,
  {
    id: "startedBy",
    header: t("runs.startedBy"),
    render: (run) => <UserText>{startedByText(run.startedBy)}</UserText>,
    text: (run) => startedByText(run.startedBy),
    width: 110,
  },
  {
    id: "requestedBy",
    header: t("runs.requestedBy"),
    render: (run) => <UserText>{run.requestedBy}</UserText>,
    text: (run) => run.requestedBy,
    width: 110,
    optional: true,
  },
  error,
];

export const CLOUD_COLUMNS: readonly Column<RunRow>[] = [
  { ...requested, header: t("runs.started") },
  flow(t("runs.cloudFlow")),
  status,
  { ...runTime, header: t("runs.duration") },
  { id: "trigger", header: t("runs.trigger"), render: (run) => <UserText>{run.startedBy}</UserText>, text: (run) => run.startedBy, width: 140 },
  parent,
  { ...error, optional: false },
];

/** Runs of both kinds of flows in one list, which has one order. */
export const BOTH_COLUMNS: readonly Column<RunRow>[] = [
  withoutSort(requested),
  flow(t("runs.flow")),
  status,
  {
    id: "kind",
    header: t("runs.kind"),
    render: (run) => t(run.kind === "desktop" ? "runs.kind.desktop" : "runs.kind.cloud"),
    text: (run) => run.kind,
    width: 90,
  },
  withoutSort(runTime),
  {
    id: "machine",
    header: t("runs.machine"),
    render: (run) => <UserText>{run.machine ?? run.group}</UserText>,
    text: (run) => run.machine ?? run.group,
    width: 120,
  },
  parent,
  { ...error, optional: false },
];

function withoutSort<Row>(column: Column<Row>): Column<Row> {
  const plain: { sort?: string } & Column<Row> = { ...column };
  delete plain.sort;
  return plain;
}

const STATUSES: readonly RunStatus[] = ["Queued", "Next to run", "Running", "Canceling", "Succeeded", "Failed", "Timed out", "Canceled", "Skipped", "Paused"];

const PERIODS = ["1h", "24h", "7d", "28d"] as const;
const LENGTHS: Readonly<Record<string, number>> = { "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000, "28d": 2_419_200_000 };

export const PERIOD: Filter = {
  id: "within",
  label: t("runs.period"),
  single: true,
  options: PERIODS.map((value) => ({ value, label: t(`runs.period.${value}`) })),
};
const statuses: Filter = { id: "status", label: t("runs.status"), options: STATUSES.map((value) => ({ value, label: value })) };

export const DESKTOP_FILTERS: readonly Filter[] = [
  statuses,
  {
    id: "mode",
    label: t("runs.mode"),
    single: true,
    options: (["attended", "unattended", "local"] as const).map((value) => ({ value, label: t(MODES[value]) })),
  },
  PERIOD,
];
export const CLOUD_FILTERS: readonly Filter[] = [statuses, PERIOD];

/** The beginning of a period that ends now. */
export function since(values: readonly string[] | undefined): string | undefined {
  const length = LENGTHS[values?.[0] ?? ""];
  return length === undefined ? undefined : new Date(Date.now() - length).toISOString();
}

/** A run as it is called where its name has to be told. */
export function runName(run: RunRow): string {
  return t("runs.name", { flow: run.flowName, status: run.status, time: run.requestedOn });
}
