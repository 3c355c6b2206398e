import { Button, Tab, TabList } from "@fluentui/react-components";
import { Add20Regular, ArrowUpload20Regular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { request } from "@/api/client";
import { flowAddress } from "@/api/management";
import { portal, type CloudFlowRow, type FlowState, type Whose } from "@/api/portal";
import { addressOf, runPage, toPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Page } from "@/components/Page";
import { SharePane } from "@/components/share/SharePane";
import { DataTable } from "@/components/table/DataTable";
import { isPlain, listRequest } from "@/components/table/listCommand";
import type { RowAction, Source } from "@/components/table/model";
import { t } from "@/strings/text";
import { CLOUD_FLOW_COLUMNS, CLOUD_FLOW_FILTERS } from "./columns";
import { DeleteFlows } from "./DeleteFlows";

const sourceOf = (whose: Whose): Source<CloudFlowRow> => ({
  key: ["cloudflows", whose],
  topics: ["flows", "cloudruns"],
  searches: true,
  load: (view, after, limit, signal) => {
    const state = (view.filters["state"] ?? []) as readonly FlowState[];
    return portal("GET /cloudflows", {
      query: {
        whose,
        sort: view.sort,
        limit,
        ...(view.search !== "" && { search: view.search }),
        ...(state.length > 0 && { state: [...state] }),
        ...(after !== null && { after }),
      },
      signal,
    });
  },
});

/** Switch a cloud flow on or off. */
export function switchFlow(flowId: string, on: boolean): Promise<unknown> {
  return request(`${flowAddress(flowId)}/${on ? "enable" : "disable"}`, { method: "POST" });
}

/** Cloud flows: find, switch on and off, run. */
export function CloudFlowsPage() {
  const { whose = "all" } = useSearch({ strict: false }) as { whose?: Whose };
  const source = useMemo(() => sourceOf(whose), [whose]);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [sharing, setSharing] = useState<CloudFlowRow>();
  const [deleting, setDeleting] = useState<readonly CloudFlowRow[]>();
  const change = useMutation({
    mutationFn: async ({ flows, on }: { flows: readonly CloudFlowRow[]; on: boolean }) => {
      for (const flow of flows) await switchFlow(flow.id, on);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["rows"] }),
  });
  const go = (to: string) => void navigate(toPage(to));
  const rowActions = (flow: CloudFlowRow): readonly RowAction[] => {
    const { lastRun } = flow;
    const isOn = flow.state === "On";
    return [
      { id: "edit", label: t("flows.edit"), run: () => go(addressOf.cloudDesigner(flow.id)) },
      { id: "switch", label: t(isOn ? "flows.turnOff" : "flows.turnOn"), run: () => change.mutate({ flows: [flow], on: !isOn }) },
      { id: "open", label: t("flows.open"), run: () => go(addressOf.cloudFlow(flow.id)) },
      ...(lastRun === null ? [] : [{ id: "last", label: t("flows.lastRun"), run: () => go(runPage(lastRun)) }]),
      { id: "share", label: t("share.action"), run: () => setSharing(flow) },
      { id: "copy", label: t("flows.copyId"), run: () => void navigator.clipboard.writeText(flow.id) },
      { id: "delete", label: t("flows.delete"), run: () => setDeleting([flow]), danger: true },
    ];
  };
  const bulkActions = (flows: readonly CloudFlowRow[], done: () => void): readonly RowAction[] => [
    { id: "on", label: t("flows.turnOn"), run: () => change.mutate({ flows, on: true }, { onSuccess: done }) },
    { id: "off", label: t("flows.turnOff"), run: () => change.mutate({ flows, on: false }, { onSuccess: done }) },
    { id: "delete", label: t("flows.deleteMany", { count: flows.length }), run: () => setDeleting(flows), danger: true },
  ];
  return (
    <Page
      title={t("flows.cloudTitle")}
      crumbs={[{ text: t("nav.myFlows") }]}
      filled
      commands={
        <>
          <Button appearance="subtle" icon={<Add20Regular />} onClick={() => go(addressOf.create)}>
            {t("flows.new")}
          </Button>
          <Button appearance="subtle" icon={<ArrowUpload20Regular />} onClick={() => go(addressOf.importing)}>
            {t("flows.import")}
          </Button>
        </>
      }
    >
      {change.error !== null && <ErrorMessage error={change.error} />}
      <TabList selectedValue={whose} onTabSelect={(_, data) => void navigate({ to: addressOf.cloudFlows, search: { whose: data.value } as never })}>
        <Tab value="all">{t("flows.tab.all")}</Tab>
        <Tab value="mine">{t("flows.tab.mine")}</Tab>
        <Tab value="shared">{t("flows.tab.shared")}</Tab>
      </TabList>
      <DataTable
        name="cloudflows"
        label={t("flows.cloudTitle")}
        columns={CLOUD_FLOW_COLUMNS}
        filters={CLOUD_FLOW_FILTERS}
        source={source}
        defaultSort="name"
        rowId={(flow) => flow.id}
        rowName={(flow) => flow.name}
        rowPage={(flow) => addressOf.cloudFlow(flow.id)}
        rowActions={rowActions}
        bulkActions={bulkActions}
        empty={
          whose === "shared" ? (
            <EmptyState title={t("flows.sharedEmptyTitle")} text={t("flows.sharedEmptyText")} />
          ) : (
          <EmptyState title={t("flows.cloudEmptyTitle")} text={t("flows.cloudEmptyText")}>
            <Button appearance="primary" onClick={() => go(addressOf.create)}>
              {t("flows.new")}
            </Button>
            <Button onClick={() => go(addressOf.importing)}>{t("flows.import")}</Button>
          </EmptyState>
          )
        }
        command={(view) =>
          whose === "all" && isPlain(view, "name")
            ? "deskhand cloudflow list"
            : listRequest("/cloudflows", { whose, search: view.search, state: view.filters["state"] ?? [], sort: view.sort })
        }
      />
      {sharing !== undefined && (
        <SharePane kind="cloud" id={sharing.id} command={`deskhand cloudflow share ${sharing.id} --user NAME`} onClose={() => setSharing(undefined)} />
      )}
      {deleting !== undefined && <DeleteFlows flows={deleting} kind="cloud" onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}
