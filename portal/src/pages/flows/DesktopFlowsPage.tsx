import { Button, Tab, TabList } from "@fluentui/react-components";
import { Add20Regular, ArrowUpload20Regular } from "@fluentui/react-icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { portal, type DesktopFlowRow, type Whose } from "@/api/portal";
import { addressOf, runPage, toPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { RunDialog } from "@/components/run/RunDialog";
import { SharePane } from "@/components/share/SharePane";
import { DataTable } from "@/components/table/DataTable";
import { isPlain, listRequest } from "@/components/table/listCommand";
import type { RowAction, Source } from "@/components/table/model";
import { t } from "@/strings/text";
import { DESKTOP_FLOW_COLUMNS, DESKTOP_FLOW_FILTERS } from "./columns";
import { DeleteFlows } from "./DeleteFlows";
import { ExportFlows } from "./ExportFlows";
import { SaveAs } from "./SaveAs";

/** Desktop flows: find, run, edit. */
export function DesktopFlowsPage() {
  const { whose = "mine" } = useSearch({ strict: false }) as { whose?: Whose };
  const navigate = useNavigate();
  const [running, setRunning] = useState<DesktopFlowRow>();
  const [sharing, setSharing] = useState<DesktopFlowRow>();
  const [copying, setCopying] = useState<DesktopFlowRow>();
  const [exporting, setExporting] = useState<readonly DesktopFlowRow[]>();
  const [deleting, setDeleting] = useState<readonly DesktopFlowRow[]>();
  const source = useMemo<Source<DesktopFlowRow>>(
    () => ({
      key: ["desktopflows", whose],
      topics: ["flows", "runs"],
      searches: true,
      load: (view, after, limit, signal) => {
        const state = view.filters["state"]?.[0];
        return portal("GET /desktopflows", {
          query: {
            whose,
            sort: view.sort,
            limit: Math.min(limit, 500),
            ...(view.search !== "" && { search: view.search }),
            ...(state !== undefined && { published: state === "published" }),
            ...(after !== null && { after }),
          },
          signal,
        });
      },
    }),
    [whose],
  );
  const go = (to: string) => void navigate(toPage(to));
  const rowActions = (flow: DesktopFlowRow): readonly RowAction[] => {
    const { lastRun } = flow;
    return [
      { id: "run", label: t("flows.run"), run: () => setRunning(flow), disabled: flow.published ? undefined : t("flows.cannotRun") },
      { id: "edit", label: t("flows.edit"), run: () => go(addressOf.desktopDesigner(flow.id)) },
      { id: "open", label: t("flows.open"), run: () => go(addressOf.desktopFlow(flow.id)) },
      ...(lastRun === null ? [] : [{ id: "last", label: t("flows.lastRun"), run: () => go(runPage(lastRun)) }]),
      { id: "share", label: t("share.action"), run: () => setSharing(flow) },
      { id: "saveAs", label: t("copies.saveAs"), run: () => setCopying(flow) },
      { id: "export", label: t("copies.export"), run: () => setExporting([flow]) },
      { id: "copy", label: t("flows.copyId"), run: () => void navigator.clipboard.writeText(flow.id) },
      { id: "delete", label: t("flows.delete"), run: () => setDeleting([flow]), danger: true },
    ];
  };
  return (
    <Page
      title={t("flows.desktopTitle")}
      crumbs={[{ text: t("nav.myFlows") }]}
      filled
      commands={
        <>
          <Button appearance="subtle" icon={<Add20Regular />} onClick={() => go(`${addressOf.create}?kind=desktop`)}>
            {t("flows.new")}
          </Button>
          <Button appearance="subtle" icon={<ArrowUpload20Regular />} onClick={() => go(addressOf.importing)}>
            {t("flows.import")}
          </Button>
        </>
      }
    >
      <TabList selectedValue={whose} onTabSelect={(_, data) => void navigate({ to: addressOf.desktopFlows, search: { whose: data.value } as never })}>
        <Tab value="mine">{t("flows.tab.mine")}</Tab>
        <Tab value="shared">{t("flows.tab.shared")}</Tab>
        <Tab value="all">{t("flows.tab.all")}</Tab>
      </TabList>
      <DataTable
        name="desktopflows"
        label={t("flows.desktopTitle")}
        columns={DESKTOP_FLOW_COLUMNS}
        filters={DESKTOP_FLOW_FILTERS}
        source={source}
        defaultSort="name"
        rowId={(flow) => flow.id}
        rowName={(flow) => flow.name}
        rowPage={(flow) => addressOf.desktopFlow(flow.id)}
        rowActions={rowActions}
        bulkActions={(selected) => [
          { id: "export", label: t("copies.exportMany", { count: selected.length }), run: () => setExporting(selected) },
          { id: "delete", label: t("flows.deleteMany", { count: selected.length }), run: () => setDeleting(selected) },
        ]}
        empty={
          whose === "shared" ? (
            <EmptyState title={t("flows.sharedEmptyTitle")} text={t("flows.sharedEmptyText")} />
          ) : (
          <EmptyState title={t("flows.desktopEmptyTitle")} text={t("flows.desktopEmptyText")}>
            <Button appearance="primary" onClick={() => go(`${addressOf.create}?kind=desktop`)}>
              {t("flows.new")}
            </Button>
            <Button onClick={() => go(addressOf.importing)}>{t("flows.import")}</Button>
          </EmptyState>
          )
        }
        command={(view) =>
          whose === "all" && isPlain(view, "name")
            ? "deskhand flow list"
            : listRequest("/desktopflows", {
                whose,
                search: view.search,
                published: view.filters["state"]?.[0] === undefined ? undefined : view.filters["state"][0] === "published",
                sort: view.sort,
              })
        }
      />
      {running !== undefined && (
        <RunDialog flowId={running.id} onStarted={(runId) => go(addressOf.desktopRun(runId))} onClose={() => setRunning(undefined)} />
      )}
      {sharing !== undefined && (
        <SharePane kind="desktop" id={sharing.id} command={`deskhand flow share ${sharing.id} --user NAME`} onClose={() => setSharing(undefined)} />
      )}
      {copying !== undefined && <SaveAs flow={copying} onSaved={(id) => go(addressOf.desktopFlow(id))} onClose={() => setCopying(undefined)} />}
      {exporting !== undefined && <ExportFlows flows={exporting} onClose={() => setExporting(undefined)} />}
      {deleting !== undefined && <DeleteFlows flows={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}
