import { Button, Tab, TabList } from "@fluentui/react-components";
import { Add20Regular, Desktop20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type GroupRow, type MachineRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { Page } from "@/components/Page";
import { SharePane } from "@/components/share/SharePane";
import { DataTable } from "@/components/table/DataTable";
import { listRequest } from "@/components/table/listCommand";
import { locally } from "@/components/table/local";
import type { RowAction, Source } from "@/components/table/model";
import { t } from "@/strings/text";
import { GROUP_COLUMNS, MACHINE_COLUMNS, MACHINE_FILTERS, groupValue, machineStatus, machineValue } from "./columns";
import { MoveMachine } from "./MoveMachine";
import { RegisterDialog } from "./RegisterDialog";
import { RemoveMachine } from "./RemoveMachine";

type Shown = "machines" | "groups";

/** The fleet: machines, and the groups that share their work. */
export function MachinesPage() {
  const { tab = "machines", group, register } = useSearch({ strict: false }) as { tab?: Shown; group?: string; register?: string };
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<"register" | "group" | undefined>(register === undefined ? undefined : "register");
  const known = useQuery(endpointQuery("GET /groups", {}, { topics: ["groups"] }));
  const groupName = group === undefined ? undefined : known.data?.items.find((one) => one.id === group)?.name;
  const show = (shown: Shown) => void navigate({ to: addressOf.machines, search: { tab: shown } as never });
  return (
    <Page
      title={groupName === undefined ? t("machines.title") : t("machines.ofGroup", { name: groupName })}
      crumbs={[{ text: t("nav.monitor") }, ...(group === undefined ? [] : [{ text: t("machines.title"), to: addressOf.machines }])]}
      filled
      commands={
        <>
          <Button appearance="subtle" icon={<Desktop20Regular />} onClick={() => setDialog("register")}>
            {t("machines.register")}
          </Button>
          <Button appearance="subtle" icon={<Add20Regular />} onClick={() => setDialog("group")}>
            {t("machines.newGroup")}
          </Button>
        </>
      }
    >
      <TabList selectedValue={tab} onTabSelect={(_, data) => show(data.value as Shown)}>
        <Tab value="machines">{t("machines.tab.machines")}</Tab>
        <Tab value="groups">{t("machines.tab.groups")}</Tab>
      </TabList>
      {tab === "machines" ? <Machines key="machines" group={group} onRegister={() => setDialog("register")} /> : <Groups key="groups" onNew={() => setDialog("group")} />}
      {dialog === "register" && <RegisterDialog groupId={group ?? null} onClose={() => setDialog(undefined)} />}
      {dialog === "group" && (
        <NameDialog
          title={t("machines.newGroupTitle")}
          label={t("machines.name")}
          action={t("machines.newGroupAction")}
          onName={async (name) => {
            await portal("POST /groups", { body: { name } });
            await queries.invalidateQueries();
            show("groups");
          }}
          onClose={() => setDialog(undefined)}
        />
      )}
    </Page>
  );
}

function Machines({ group, onRegister }: { readonly group: string | undefined; readonly onRegister: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<MachineRow>();
  const [moving, setMoving] = useState<MachineRow>();
  const [sharing, setSharing] = useState<MachineRow>();
  const source = useMemo<Source<MachineRow>>(
    () => ({
      key: ["machines", group ?? null],
      topics: ["machines", "groups", "queue"],
      searches: true,
      load: async (view, _after, _limit, signal) => {
        const found = await portal("GET /machines", { query: { ...(group && { group }) }, signal });
        return locally(found.items, view, {
          texts: (machine) => [machine.name, machine.group, machine.description],
          values: machineValue,
          passes: (machine, _, values) => values.includes(machineStatus(machine)),
        });
      },
    }),
    [group],
  );
  const maintain = useMutation({
    mutationFn: ({ machines, on }: { machines: readonly MachineRow[]; on: boolean }) =>
      Promise.all(machines.map(({ id }) => portal("PUT /machines/{machineId}/maintenance", { path: { machineId: id }, body: { on } }))),
    onSettled: () => queries.invalidateQueries(),
  });
  const rowActions = (machine: MachineRow): readonly RowAction[] => [
    { id: "open", label: t("machines.open"), run: () => void navigate(toPage(addressOf.machine(machine.id))) },
    {
      id: "maintenance",
      label: t(machine.maintenance ? "machines.maintenanceOff" : "machines.maintenanceOn"),
      run: () => maintain.mutate({ machines: [machine], on: !machine.maintenance }),
    },
    { id: "move", label: t("groups.move"), run: () => setMoving(machine), disabled: machine.running > 0 ? t("machines.busy") : undefined },
    { id: "share", label: t("share.action"), run: () => setSharing(machine) },
    {
      id: "remove",
      label: t("machines.remove"),
      run: () => setRemoving(machine),
      disabled: machine.running > 0 ? t("machines.busy") : undefined,
    },
  ];
  const bulkActions = (machines: readonly MachineRow[], done: () => void): readonly RowAction[] => [
    {
      id: "maintenance",
      label: t("machines.maintenanceMany", { count: machines.length }),
      run: () => maintain.mutate({ machines, on: true }, { onSuccess: done }),
    },
  ];
  return (
    <>
      {maintain.error !== null && <ErrorMessage error={maintain.error} />}
      <DataTable
        name="machines"
        label={t("machines.title")}
        columns={MACHINE_COLUMNS}
        filters={MACHINE_FILTERS}
        source={source}
        defaultSort="name"
        rowId={(machine) => machine.id}
        rowName={(machine) => machine.name}
        rowPage={(machine) => addressOf.machine(machine.id)}
        rowActions={rowActions}
        bulkActions={bulkActions}
        empty={
          <EmptyState title={t("machines.emptyTitle")} text={t("machines.emptyText")}>
            <Button appearance="primary" onClick={onRegister}>
              {t("machines.register")}
            </Button>
          </EmptyState>
        }
        command={() => "deskhand machine list"}
      />
      {moving !== undefined && <MoveMachine machine={moving} onClose={() => setMoving(undefined)} />}
      {sharing !== undefined && (
        <SharePane kind="machine" id={sharing.id} command={`deskhand machine share ${sharing.id} --user NAME`} onClose={() => setSharing(undefined)} />
      )}
      {removing !== undefined && <RemoveMachine machine={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

const groups: Source<GroupRow> = {
  key: ["groups"],
  topics: ["groups", "machines", "queue"],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const found = await portal("GET /groups", { signal });
    const shared = found.items.filter((group) => !group.standalone);
    return locally(shared, view, { texts: (group) => [group.name, group.description], values: groupValue });
  },
};

function Groups({ onNew }: { readonly onNew: () => void }) {
  const navigate = useNavigate();
  const [sharing, setSharing] = useState<GroupRow>();
  const queries = useQueryClient();
  const maintain = useMutation({
    mutationFn: (group: GroupRow) => portal("PUT /groups/{groupId}/maintenance", { path: { groupId: group.id }, body: { on: !group.maintenance } }),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <>
      {maintain.error !== null && <ErrorMessage error={maintain.error} />}
      <DataTable
        name="groups"
        label={t("machines.tab.groups")}
        columns={GROUP_COLUMNS}
        source={groups}
        defaultSort="name"
        rowId={(group) => group.id}
        rowName={(group) => group.name}
        rowPage={(group) => addressOf.group(group.id)}
        rowActions={(group) => [
          { id: "open", label: t("groups.openGroup"), run: () => void navigate(toPage(addressOf.group(group.id))) },
          { id: "share", label: t("share.action"), run: () => setSharing(group) },
          {
            id: "maintenance",
            label: t(group.maintenance ? "machines.maintenanceOff" : "machines.maintenanceOn"),
            run: () => maintain.mutate(group),
          },
        ]}
        empty={
          <EmptyState title={t("machines.groupsEmptyTitle")} text={t("machines.groupsEmptyText")}>
            <Button appearance="primary" onClick={onNew}>
              {t("machines.newGroup")}
            </Button>
          </EmptyState>
        }
        command={() => listRequest("/groups")}
      />
      {sharing !== undefined && (
        <SharePane kind="group" id={sharing.id} command={`deskhand machine share ${sharing.id} --group --user NAME`} onClose={() => setSharing(undefined)} />
      )}
    </>
  );
}
