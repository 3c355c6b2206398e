import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Link, useNavigate } from "@tanstack/react-router";
import { portal, type MachineActivity as Row } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { StatusBadge } from "@/components/StatusBadge";
import { DataTable } from "@/components/table/DataTable";
import { listRequest } from "@/components/table/listCommand";
import { locally } from "@/components/table/local";
import type { Column, Filter, RowAction, Source, View } from "@/components/table/model";
import { Duration, Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { machineStatus } from "../machines/columns";
import { PERIOD, since } from "../runs/columns";
import { listsOf, type MachineLists } from "./machineLists";

const useStyles = makeStyles({ link: { color: tokens.colorBrandForegroundLink, fontVariantNumeric: "tabular-nums" } });

const FILTERS: readonly Filter[] = [PERIOD];
const MOST_RUNS = "-runs";

/** What each machine had to do in the period, and has to do now; each number leads to the list that it counts. */
export function MachineActivity({ period }: { readonly period: string }) {
  const navigate = useNavigate();
  const rowActions = (row: Row): readonly RowAction[] => {
    const lists = listsOf(row, period);
    const open = (id: keyof MachineLists, text: TextKey): RowAction => {
      const address = lists[id];
      return { id, label: t(text), run: () => void navigate(toPage(address ?? "")), disabled: address === undefined ? t("activity.noneOfThese") : undefined };
    };
    return [
      { id: "open", label: t("machines.open"), run: () => void navigate(toPage(addressOf.machine(row.machine.id))) },
      open("runs", "activity.showRuns"),
      open("failed", "activity.showFailed"),
      open("now", "activity.showNow"),
      open("queued", "activity.showQueued"),
    ];
  };
  return (
    <DataTable
      name="activity.machines"
      label={t("activity.machines")}
      columns={columnsFor(period)}
      filters={FILTERS}
      source={SOURCE}
      defaultSort={MOST_RUNS}
      rowId={({ machine }) => machine.id}
      rowName={({ machine }) => machine.name}
      rowPage={({ machine }) => addressOf.machine(machine.id)}
      rowActions={rowActions}
      empty={
        <EmptyState title={t("machines.emptyTitle")} text={t("machines.emptyText")}>
          <Button appearance="primary" onClick={() => void navigate(toPage(`${addressOf.machines}?register=1`))}>
            {t("machines.register")}
          </Button>
        </EmptyState>
      }
      command={(view) => listRequest("/activity/machines", { since: since(view.filters["within"]) })}
    />
  );
}

const SOURCE: Source<Row> = {
  key: ["activity", "machines"],
  topics: ["machines", "groups", "runs", "queue"],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const from = since(view.filters["within"]);
    const { items } = await portal("GET /activity/machines", { query: { ...(from !== undefined && { since: from }) }, signal });
    // The period is the server's to apply: what it gives has passed.
    return locally(items, withoutPeriod(view), { texts: ({ machine }) => [machine.name, machine.group, machine.description], values });
  },
};

function withoutPeriod(view: View): View {
  return { ...view, filters: {} };
}

function values({ machine, runs, failed, runMs, lastRunOn }: Row, sort: string): string | number | null {
  const known: Readonly<Record<string, string | number | null>> = {
    name: machine.name,
    status: machineStatus(machine),
    group: machine.group,
    sessions: machine.running,
    queued: machine.queued,
    runs,
    failed,
    runTime: runMs,
    lastRun: lastRunOn,
  };
  return known[sort] ?? null;
}

/** The columns; their numbers lead to lists of the same period. */
function columnsFor(period: string): readonly Column<Row>[] {
  const number = (id: keyof MachineLists, header: TextKey, label: TextKey, count: (row: Row) => number): Column<Row> => ({
    id,
    header: t(header),
    render: (row) => <Counted to={listsOf(row, period)[id]} count={count(row)} label={t(label, { count: count(row), machine: row.machine.name })} />,
    text: count,
    sort: id,
    width: 90,
    numeric: true,
  });
  return [
    { id: "name", header: t("activity.machine"), render: ({ machine }) => <UserText>{machine.name}</UserText>, text: ({ machine }) => machine.name, sort: "name", width: 140, grow: 2, isLink: true },
    number("runs", "activity.runs", "activity.runsOn", ({ runs }) => runs),
    number("failed", "activity.failed", "activity.failedOn", ({ failed }) => failed),
    {
      id: "sessions",
      header: t("activity.sessions"),
      render: (row) => {
        const { running, capacity, name } = row.machine;
        const shown = t("machines.sessionsOf", { used: running, capacity });
        return <Counted to={listsOf(row, period).now} count={shown} label={t("activity.sessionsOn", { sessions: shown, machine: name })} />;
      },
      text: ({ machine }) => machine.running,
      sort: "sessions",
      width: 110,
    },
    number("queued", "machines.queued", "activity.queuedFor", ({ machine }) => machine.queued),
    {
      id: "status",
      header: t("machines.status"),
      render: ({ machine }) => <StatusBadge status={machineStatus(machine)} alarming={!machine.connected && machine.queued > 0} />,
      text: ({ machine }) => machineStatus(machine),
      sort: "status",
      width: 130,
    },
    { id: "runTime", header: t("runs.runTime"), render: ({ runMs }) => <Duration ms={runMs} />, text: ({ runMs }) => runMs, sort: "runTime", width: 100, numeric: true },
    {
      id: "lastRun",
      header: t("activity.lastRun"),
      render: ({ lastRunOn }) => (lastRunOn === null ? "–" : <Time at={lastRunOn} />),
      text: ({ lastRunOn }) => lastRunOn,
      sort: "lastRun",
      width: 130,
    },
    {
      id: "group",
      header: t("machines.inGroup"),
      render: ({ machine }) => <UserText>{machine.standalone ? "–" : machine.group}</UserText>,
      text: ({ machine }) => machine.group,
      sort: "group",
      width: 120,
    },
  ];
}

interface CountedProps {
  /** The list of what is counted; none where that is empty. */
  readonly to: string | undefined;
  readonly count: number | string;
  readonly label: string;
}

function Counted({ to, count, label }: CountedProps) {
  const styles = useStyles();
  if (to === undefined) return <>{count}</>;
  return (
    <Link {...toPage(to)} className={styles.link} tabIndex={-1} aria-label={spoken(label)}>
      {count}
    </Link>
  );
}
