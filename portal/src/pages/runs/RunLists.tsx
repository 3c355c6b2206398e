import { Button } from "@fluentui/react-components";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { portal, type Mode, type RunRow, type RunStatus } from "@/api/portal";
import { addressOf, runPage, toPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { DataTable } from "@/components/table/DataTable";
import { isPlain, listRequest } from "@/components/table/listCommand";
import type { Source, View } from "@/components/table/model";
import { t } from "@/strings/text";
import { useRunActions } from "./actions";
import { Narrowed } from "./Narrowed";
import { CLOUD_COLUMNS, CLOUD_FILTERS, DESKTOP_COLUMNS, DESKTOP_FILTERS, runName, since } from "./columns";

const NEWEST = "-requestedOn";
const MOST_ASKED = 500;
const ONE_FLOW_COLUMNS = CLOUD_COLUMNS.filter((column) => column.id !== "flow");

/** Every run of desktop flows, whatever started it. `flow` and `machine` in the address narrow it to theirs. */
export function DesktopRunsPage() {
  const { flow, machine } = useSearch({ strict: false }) as { flow?: string; machine?: string };
  const source = useMemo(() => desktopSource(flow, machine), [flow, machine]);
  const actions = useRunActions();
  return (
    <Page title={t("runs.desktopTitle")} crumbs={[{ text: t("nav.monitor") }]} filled>
      <Narrowed flow={flow} machine={machine} />
      <DataTable
        name="desktopruns"
        label={t("runs.desktopTitle")}
        columns={DESKTOP_COLUMNS}
        filters={DESKTOP_FILTERS}
        source={source}
        defaultSort={NEWEST}
        rowId={runId}
        rowName={runName}
        rowPage={runPage}
        rowActions={actions.rowActions}
        bulkActions={actions.bulkActions}
        empty={<NoRuns />}
        command={(view) => desktopCommand(view, flow, machine)}
      />
      {actions.dialog}
    </Page>
  );
}

/** Every run of cloud flows. */
export function CloudRunsPage() {
  const { flow } = useSearch({ strict: false }) as { flow?: string };
  return (
    <Page title={t("runs.cloudTitle")} crumbs={[{ text: t("nav.monitor") }]} filled>
      <CloudRunTable flow={flow} label={t("runs.cloudTitle")} />
    </Page>
  );
}

interface CloudRunTableProps {
  /** The flow whose runs alone are listed. */
  readonly flow: string | undefined;
  readonly label: string;
  /** Whether it is a part of a page: see {@link DataTableProps.fitted}. */
  readonly fitted?: boolean;
}

/** Runs of cloud flows, with what can be done with many of them. */
export function CloudRunTable({ flow, label, fitted = false }: CloudRunTableProps) {
  const source = useMemo(() => cloudSource(flow), [flow]);
  const actions = useRunActions();
  return (
    <>
      <DataTable
        name="cloudruns"
        label={label}
        fitted={fitted}
        columns={flow === undefined ? CLOUD_COLUMNS : ONE_FLOW_COLUMNS}
        filters={CLOUD_FILTERS}
        source={source}
        defaultSort={NEWEST}
        rowId={runId}
        rowName={runName}
        rowPage={runPage}
        rowActions={actions.rowActions}
        bulkActions={actions.bulkActions}
        empty={<NoRuns />}
        command={(view) =>
          flow !== undefined && isPlain(view, NEWEST) ? `deskhand cloudflow runs ${flow}` : listRequest("/cloudruns", { ...asked(view, null, MOST_ASKED), flow })
        }
      />
      {actions.dialog}
    </>
  );
}

function runId(run: RunRow): string {
  return run.id;
}

function desktopSource(flow: string | undefined, machine: string | undefined): Source<RunRow> {
  return {
    key: ["desktopruns", flow ?? null, machine ?? null],
    topics: ["runs", "queue"],
    searches: true,
    load: (view, after, limit, signal) =>
      portal("GET /desktopruns", { query: { ...asked(view, after, limit), ...modeOf(view), ...(flow && { flow }), ...(machine && { machine }) }, signal }),
  };
}

function cloudSource(flow: string | undefined): Source<RunRow> {
  return {
    key: ["cloudruns", flow ?? null],
    topics: ["cloudruns"],
    searches: true,
    load: (view, after, limit, signal) => portal("GET /cloudruns", { query: { ...asked(view, after, limit), ...(flow && { flow }) }, signal }),
  };
}

function asked(view: View, after: string | null, limit: number) {
  const from = since(view.filters["within"]);
  const status = (view.filters["status"] ?? []) as readonly RunStatus[];
  return {
    sort: view.sort,
    limit,
    ...(view.search !== "" && { search: view.search }),
    ...(status.length > 0 && { status: [...status] }),
    ...(from !== undefined && { since: from }),
    ...(after !== null && { after }),
  };
}

function modeOf(view: View) {
  const mode = view.filters["mode"]?.[0] as Mode | undefined;
  return mode === undefined ? {} : { mode };
}

const FAILED: readonly string[] = ["Failed", "Timed out"];
const ACTIVE: readonly string[] = ["Queued", "Next to run", "Running", "Canceling"];

/** The command that lists the same runs: the command line's own where it has the words for it. */
function desktopCommand(view: View, flow: string | undefined, machine: string | undefined): string {
  const status = view.filters["status"] ?? [];
  const which = status.length === 0 ? "" : isSame(status, FAILED) ? "--failed" : isSame(status, ACTIVE) ? "--active" : undefined;
  const within = view.filters["within"]?.[0];
  const isOwn = which !== undefined && view.search === "" && view.sort === NEWEST && modeOf(view).mode === undefined && machine === undefined;
  if (!isOwn) return listRequest("/desktopruns", { ...asked(view, null, MOST_ASKED), ...modeOf(view), flow, machine });
  return ["deskhand runs list", which, flow !== undefined && `--flow ${flow}`, within !== undefined && `--since ${within}`].filter(Boolean).join(" ");
}

function isSame(chosen: readonly string[], set: readonly string[]): boolean {
  return chosen.length === set.length && chosen.every((one) => set.includes(one));
}

function NoRuns() {
  const navigate = useNavigate();
  return (
    <EmptyState title={t("runs.emptyTitle")} text={t("runs.emptyText")}>
      <Button appearance="primary" onClick={() => void navigate(toPage(addressOf.desktopFlows))}>
        {t("runs.emptyAction")}
      </Button>
    </EmptyState>
  );
}
