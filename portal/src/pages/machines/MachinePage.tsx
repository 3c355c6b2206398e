import { Button, MessageBar, MessageBarBody, MessageBarTitle, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { Delete20Regular, FolderArrowRight20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type MachineDetails, type RunRow } from "@/api/portal";
import { addressOf, runPage, toPage } from "@/components/addresses";
import { CommandLine } from "@/components/CommandLine";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { Facts } from "@/components/Facts";
import { Page, type Crumb } from "@/components/Page";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { usePanelStyles } from "@/components/panelStyles";
import { ShareButton } from "@/components/share/ShareButton";
import { StatusBadge } from "@/components/StatusBadge";
import { Elapsed, Time } from "@/components/Time";
import { friendly } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { useSession } from "@/session/session";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { RunTable } from "../runs/RunTable";
import { machineStatus } from "./columns";
import { ConnectionLinks } from "./ConnectionLinks";
import { MoveMachine } from "./MoveMachine";
import { RemoveMachine } from "./RemoveMachine";

const useStyles = makeStyles({
  number: { color: tokens.colorNeutralForeground2, minWidth: "80px" },
});

const PAST = 20;

/** One machine: what it does, what it is, and what is wrong with it. */
export function MachinePage() {
  const { machineId } = useParams({ strict: false }) as { machineId: string };
  const query = useQuery(endpointQuery("GET /machines/{machineId}", { path: { machineId } }, { topics: ["machines", "groups", "runs", "queue"] }));
  const crumbs = [{ text: t("nav.monitor") }, { text: t("machines.title"), to: addressOf.machines }];
  if (query.data !== undefined) return <Loaded details={query.data} crumbs={crumbs} />;
  if (query.error === null) return <PageLoading />;
  return <ProblemPage title={t("machines.machine")} crumbs={crumbs} error={query.error} onRetry={() => void query.refetch()} />;
}

function Loaded({ details, crumbs }: { readonly details: MachineDetails; readonly crumbs: readonly Crumb[] }) {
  const panels = usePanelStyles();
  const { machine, runs } = details;
  const past = useQuery(endpointQuery("GET /desktopruns", { query: { machine: machine.id, limit: PAST } }, { topics: ["runs"] }));
  const group = !machine.standalone && machine.groupId !== null && (
    <Link {...toPage(addressOf.group(machine.groupId))} className={panels.link}>
      <UserText>{machine.group}</UserText>
    </Link>
  );
  return (
    <Page
      title={machine.name}
      crumbs={crumbs}
      beside={
        <span role="status">
          <StatusBadge status={machineStatus(machine)} alarming={!machine.connected && machine.queued > 0} />
        </span>
      }
      commands={<Commands details={details} />}
    >
      <Warnings details={details} />
      <div className={panels.panels}>
        <div className={panels.column}>
          <Panel title={t("machines.runs")} beside={<span className={panels.quiet}>{t("machines.sessionsOf", { used: machine.running, capacity: machine.capacity })}</span>}>
            <Sessions capacity={machine.capacity} runs={runs} />
          </Panel>
          <Panel title={t("machines.past")}>
            {past.data !== undefined && past.data.items.length > 0 ? (
              <RunTable runs={past.data.items} label={t("machines.past")} />
            ) : (
              <span className={panels.quiet}>{past.isPending ? t("common.loading") : t("machines.noRuns")}</span>
            )}
          </Panel>
        </div>
        <div className={panels.column}>
          <Panel title={t("machines.details")}>
            <Facts
              facts={[
                [t("machines.description"), machine.description],
                [t("machines.inGroup"), group],
                [t("machines.queued"), String(machine.queued)],
                [t("machines.lastSeen"), machine.lastSeen === null ? t("machines.never") : <Time at={machine.lastSeen} />],
                [t("machines.agent"), machine.agentVersion],
                [t("machines.account"), machine.sessionUser && <UserText>{machine.sessionUser}</UserText>],
                [t("machines.owner"), machine.owner && <UserText>{machine.owner}</UserText>],
                [t("machines.created"), <Time key="created" at={machine.createdOn} />],
              ]}
            />
          </Panel>
          <Panel title={t("machines.connections")}>
            <ConnectionLinks connections={details.connections} none={t("machines.noConnections")} />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function Sessions({ capacity, runs }: { readonly capacity: number; readonly runs: readonly RunRow[] }) {
  const styles = useStyles();
  const panels = usePanelStyles();
  const places = Array.from({ length: Math.max(capacity, runs.length) }, (_, index) => runs[index]);
  return (
    <ol className={panels.list}>
      {places.map((run, index) => (
        <li key={index} className={panels.item}>
          <span className={styles.number}>{t("machines.session", { number: index + 1 })}</span>
          {run === undefined ? (
            <span className={panels.quiet}>{t("machines.free")}</span>
          ) : (
            <>
              <Link {...toPage(runPage(run))} className={panels.link}>
                <UserText>{run.flowName}</UserText>
              </Link>
              <StatusBadge status={run.status} />
              {run.startedOn !== null && <Elapsed since={run.startedOn} />}
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

function Warnings({ details: { machine } }: { readonly details: MachineDetails }) {
  const { zone } = usePreferences();
  const { version } = useSession();
  const since = machine.lastSeen === null ? t("machines.never") : friendly(new Date(machine.lastSeen), new Date(), zone);
  return (
    <>
      {!machine.connected && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("machines.disconnected")}</MessageBarTitle>
            {t("machines.disconnectedSince", { time: since })} {t("machines.disconnectedCheck")}
            <CommandLine command={`deskhand machine run --server ${location.origin}`} />
          </MessageBarBody>
        </MessageBar>
      )}
      {machine.maintenance && (
        <MessageBar intent="warning">
          <MessageBarBody>
            <MessageBarTitle>{t("machines.maintenance")}</MessageBarTitle>
            {t("machines.maintenanceText", { running: machine.running })}
          </MessageBarBody>
        </MessageBar>
      )}
      {machine.versionDiffers && (
        <MessageBar intent="warning">
          <MessageBarBody>
            <MessageBarTitle>{t("machines.versionTitle")}</MessageBarTitle>
            {t("machines.versionText", { agent: machine.agentVersion ?? "", server: version })}
          </MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}

function Commands({ details }: { readonly details: MachineDetails }) {
  const { machine } = details;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const [moving, setMoving] = useState(false);
  const maintain = useMutation({
    mutationFn: (on: boolean) => portal("PUT /machines/{machineId}/maintenance", { path: { machineId: machine.id }, body: { on } }),
    onSettled: () => queries.invalidateQueries(),
  });
  const whyNot = details.canWrite ? undefined : t("machines.noRight");
  const whyStays = !details.canDelete ? t("machines.noRight") : machine.running > 0 ? t("machines.busy") : undefined;
  return (
    <>
      <Explained why={whyNot}>
        <Switch
          label={t("machines.maintenance")}
          checked={maintain.isPending ? maintain.variables : machine.maintenance}
          disabled={whyNot !== undefined}
          onChange={(_, data) => maintain.mutate(data.checked)}
        />
      </Explained>
      <Explained why={whyNot ?? (machine.running > 0 ? t("machines.busy") : undefined)}>
        <Button appearance="subtle" icon={<FolderArrowRight20Regular />} disabledFocusable={whyNot !== undefined || machine.running > 0} onClick={() => setMoving(true)}>
          {t("groups.move")}
        </Button>
      </Explained>
      <ShareButton kind="machine" id={machine.id} command={`deskhand machine share ${machine.id} --user NAME`} />
      <Explained why={whyStays}>
        <Button appearance="subtle" icon={<Delete20Regular />} disabledFocusable={whyStays !== undefined} onClick={() => setRemoving(true)}>
          {t("machines.remove")}
        </Button>
      </Explained>
      {maintain.error !== null && <ErrorMessage error={maintain.error} />}
      {moving && <MoveMachine machine={machine} onClose={() => setMoving(false)} />}
      {removing && (
        <RemoveMachine
          machine={machine}
          onRemoved={() => void navigate(toPage(addressOf.machines))}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}
