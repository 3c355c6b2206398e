import { Button, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Switch } from "@fluentui/react-components";
import { Delete20Regular, Desktop20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type GroupDetails, type GroupRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { Facts } from "@/components/Facts";
import { FormDialog } from "@/components/FormDialog";
import { Page, type Crumb } from "@/components/Page";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { usePanelStyles } from "@/components/panelStyles";
import { ShareButton } from "@/components/share/ShareButton";
import { StatusBadge } from "@/components/StatusBadge";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { RunTable } from "../runs/RunTable";
import { ConnectionLinks } from "./ConnectionLinks";
import { machineStatus } from "./columns";
import { RegisterDialog } from "./RegisterDialog";

const PAST = 20;

/** One machine group: its members and their load, what waits for it, and what leads to it. */
export function GroupPage() {
  const { groupId } = useParams({ strict: false }) as { groupId: string };
  const query = useQuery(endpointQuery("GET /groups/{groupId}", { path: { groupId } }, { topics: ["groups", "machines", "queue", "runs"] }));
  const crumbs = [{ text: t("nav.monitor") }, { text: t("machines.title"), to: `${addressOf.machines}?tab=groups` }];
  if (query.data !== undefined) return <Loaded details={query.data} crumbs={crumbs} />;
  if (query.error === null) return <PageLoading />;
  return <ProblemPage title={t("machines.group")} crumbs={crumbs} error={query.error} onRetry={() => void query.refetch()} />;
}

export function groupStatus(group: GroupRow): "Maintenance" | "Connected" | "Disconnected" {
  if (group.maintenance) return "Maintenance";
  return group.connected > 0 ? "Connected" : "Disconnected";
}

function Loaded({ details, crumbs }: { readonly details: GroupDetails; readonly crumbs: readonly Crumb[] }) {
  const styles = usePanelStyles();
  const { group, machines, connections } = details;
  const past = useQuery(endpointQuery("GET /desktopruns", { query: { group: group.id, limit: PAST } }, { topics: ["runs"] }));
  return (
    <Page
      title={group.name}
      crumbs={crumbs}
      beside={
        <span role="status">
          <StatusBadge status={groupStatus(group)} alarming={group.connected === 0 && group.queued > 0} />
        </span>
      }
      commands={<Commands details={details} />}
    >
      {group.maintenance && (
        <MessageBar intent="warning">
          <MessageBarBody>
            <MessageBarTitle>{t("machines.maintenance")}</MessageBarTitle>
            {t("groups.maintenanceText", { running: group.running })}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.panels}>
        <div className={styles.column}>
          <Panel title={t("groups.members")} beside={<span className={styles.quiet}>{t("groups.load", { used: group.running, capacity: group.capacity })}</span>}>
            {machines.length === 0 ? (
              <p className={styles.quiet}>{t("groups.noMembers")}</p>
            ) : (
              <ul className={styles.list}>
                {machines.map((machine) => (
                  <li key={machine.id} className={styles.item}>
                    <Link {...toPage(addressOf.machine(machine.id))} className={styles.link}>
                      <UserText>{machine.name}</UserText>
                    </Link>
                    <StatusBadge status={machineStatus(machine)} />
                    <span className={styles.quiet}>{t("groups.load", { used: machine.running, capacity: machine.capacity })}</span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={t("groups.past")}>
            {past.error !== null && <ErrorMessage error={past.error} />}
            {past.data !== undefined && past.data.items.length > 0 ? (
              <RunTable runs={past.data.items} label={t("groups.past")} />
            ) : (
              <span className={styles.quiet}>{past.isPending ? t("common.loading") : t("groups.noRuns")}</span>
            )}
          </Panel>
        </div>
        <div className={styles.column}>
          <Panel title={t("machines.details")}>
            <Facts
              facts={[
                [t("machines.description"), group.description],
                [
                  t("machines.queued"),
                  <Link key="queue" {...toPage(`${addressOf.queue}?group=${group.id}`)} className={styles.link}>
                    {String(group.queued)}
                  </Link>,
                ],
                [t("groups.order"), t(group.mayPass ? "groups.orderPasses" : "groups.orderStrict")],
                [t("machines.owner"), group.owner && <UserText>{group.owner}</UserText>],
              ]}
            />
          </Panel>
          <Panel title={t("machines.connections")}>
            <ConnectionLinks connections={connections} none={t("groups.noConnections")} />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function Commands({ details }: { readonly details: GroupDetails }) {
  const { group, connections } = details;
  const groupId = group.id;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<"register" | "edit" | "delete">();
  const close = () => setDialog(undefined);
  const maintain = useMutation({
    mutationFn: (on: boolean) => portal("PUT /groups/{groupId}/maintenance", { path: { groupId }, body: { on } }),
    onSettled: () => queries.invalidateQueries(),
  });
  const whyNot = details.canWrite ? undefined : t("groups.noRight");
  const whyStays = !details.canDelete ? t("groups.noRight") : group.machines > 0 ? t("groups.hasMachines") : undefined;
  return (
    <>
      <Explained why={whyNot}>
        <Switch
          label={t("machines.maintenance")}
          checked={maintain.isPending ? maintain.variables : group.maintenance}
          disabled={whyNot !== undefined}
          onChange={(_, data) => maintain.mutate(data.checked)}
        />
      </Explained>
      {!group.standalone && (
        <Explained why={whyNot}>
          <Button appearance="subtle" icon={<Desktop20Regular />} disabledFocusable={whyNot !== undefined} onClick={() => setDialog("register")}>
            {t("machines.register")}
          </Button>
        </Explained>
      )}
      <Explained why={whyNot}>
        <Button appearance="subtle" icon={<Edit20Regular />} disabledFocusable={whyNot !== undefined} onClick={() => setDialog("edit")}>
          {t("groups.edit")}
        </Button>
      </Explained>
      <ShareButton kind="group" id={groupId} command={`deskhand machine share ${groupId} --group --user NAME`} />
      <Explained why={whyStays}>
        <Button appearance="subtle" icon={<Delete20Regular />} disabledFocusable={whyStays !== undefined} onClick={() => setDialog("delete")}>
          {t("groups.delete")}
        </Button>
      </Explained>
      {maintain.error !== null && <ErrorMessage error={maintain.error} />}
      {dialog === "register" && <RegisterDialog groupId={groupId} onClose={close} />}
      {dialog === "edit" && <EditGroup group={group} onClose={close} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={t("groups.deleteTitle", { name: group.name })}
          action={t("groups.deleteAction")}
          onConfirm={async () => {
            await portal("DELETE /groups/{groupId}", { path: { groupId } });
            await navigate(toPage(`${addressOf.machines}?tab=groups`));
            await queries.invalidateQueries();
          }}
          onClose={close}
        >
          <p>{t("groups.deleteText")}</p>
          {connections.length > 0 && (
            <>
              <p>{t("groups.deleteConnections", { count: connections.length })}</p>
              <ul>
                {connections.map(({ name, displayName }, index) => (
                  <li key={name ?? index}>
                    <UserText>{displayName ?? t("groups.hiddenConnection")}</UserText>
                  </li>
                ))}
              </ul>
            </>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}

function EditGroup({ group, onClose }: { readonly group: GroupRow; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description ?? "");
  const [mayPass, setMayPass] = useState(group.mayPass);
  const save = async () => {
    await portal("PATCH /groups/{groupId}", { path: { groupId: group.id }, body: { name: name.trim(), description, mayPass } });
    await queries.invalidateQueries();
  };
  return (
    <FormDialog title={t("groups.editTitle", { name: group.name })} action={t("groups.save")} isComplete={name.trim() !== ""} onSubmit={save} onClose={onClose}>
      <Field label={t("machines.name")} required>
        <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label={t("machines.description")}>
        <Input value={description} maxLength={2000} onChange={(_, data) => setDescription(data.value)} />
      </Field>
      <Field hint={t("groups.mayPassHint")}>
        <Switch label={t("groups.mayPass")} checked={mayPass} onChange={(_, data) => setMayPass(data.checked)} />
      </Field>
    </FormDialog>
  );
}
