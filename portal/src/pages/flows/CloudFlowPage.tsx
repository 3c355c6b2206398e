import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Delete20Regular, Edit20Regular, Play20Regular, Power20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { request, send } from "@/api/client";
import { flowAddress, type Listed, type ManagedFlow, type ManagedReference, type ManagedTrigger } from "@/api/management";
import { problemOf } from "@/api/problem";
import { addressOf, toPage } from "@/components/addresses";
import { ConnectorTitle } from "@/components/ConnectorTitle";
import { CommandLine } from "@/components/CommandLine";
import { CopyButton } from "@/components/CopyButton";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { Facts } from "@/components/Facts";
import { Page } from "@/components/Page";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { usePanelStyles } from "@/components/panelStyles";
import { ShareButton } from "@/components/share/ShareButton";
import { StatusBadge } from "@/components/StatusBadge";
import { ExactTime, Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { CloudRunTable } from "../runs/RunLists";
import { switchFlow } from "./CloudFlowsPage";
import { ButtonDialog } from "./ButtonDialog";
import { buttonInputs } from "./buttonInputs";
import { CloudFlowCopies } from "./CloudFlowCopies";
import { CloudFlowPeople } from "./CloudFlowPeople";
import { CloudVersions } from "./CloudVersions";
import { DeleteFlows } from "./DeleteFlows";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  runs: { display: "flex", flexDirection: "column", maxHeight: "min(60vh, 560px)" },
  link: { color: tokens.colorBrandForegroundLink },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "8px" },
});

const STATES = { Enabled: "On", Disabled: "Off", Suspended: "Suspended" } as const;

/** Everything about one cloud flow. */
export function CloudFlowPage() {
  const { flowId } = useParams({ strict: false }) as { flowId: string };
  const query = useQuery({
    queryKey: ["cloudflow", flowId],
    queryFn: ({ signal }) => request<ManagedFlow>(flowAddress(flowId), { signal }),
    meta: { topics: ["flows"], id: flowId },
  });
  const crumbs = [{ text: t("nav.myFlows") }, { text: t("flows.cloudTitle"), to: addressOf.cloudFlows }];
  if (query.data === undefined) {
    if (query.error === null) return <PageLoading />;
    return <ProblemPage title={t("flows.cloudFlow")} crumbs={crumbs} error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { properties } = query.data;
  return (
    <Page
      title={properties.displayName}
      crumbs={crumbs}
      beside={
        <span role="status">
          <StatusBadge status={STATES[properties.state]} />
        </span>
      }
      commands={<Commands flowId={flowId} flow={query.data} />}
    >
      <Body flowId={flowId} flow={query.data} />
    </Page>
  );
}

interface FlowProps {
  readonly flowId: string;
  readonly flow: ManagedFlow;
}

function Body({ flowId, flow }: FlowProps) {
  const styles = useStyles();
  const panels = usePanelStyles();
  const references = Object.entries(flow.properties.connectionReferences);
  return (
    <div className={panels.panels}>
      <Panel
        title={t("flows.history")}
        beside={
          <Link {...toPage(`${addressOf.cloudRuns}?flow=${flowId}`)} className={styles.link}>
            {t("flows.allRuns")}
          </Link>
        }
      >
        <div className={styles.runs}>
          <CloudRunTable flow={flowId} label={t("flows.history")} fitted />
        </div>
      </Panel>
      <div className={panels.column}>
        <Panel title={t("flows.details")}>
          <Facts
            facts={[
              [t("flows.modified"), <Time key="modified" at={flow.properties.changedTime} />],
              [t("flows.created"), <ExactTime key="created" at={flow.properties.createdTime} />],
            ]}
          />
        </Panel>
        <Panel title={t("flows.trigger")}>
          <Triggers flowId={flowId} flow={flow} />
        </Panel>
        <CloudFlowPeople flowId={flowId} />
        <CloudVersions flowId={flowId} name={flow.properties.displayName} isOn={flow.properties.state === "Enabled"} />
        <Panel title={t("flows.connections")}>
          {references.length === 0 ? (
            <p className={styles.quiet}>{t("flows.noConnections")}</p>
          ) : (
            <ul className={styles.list}>
              {references.map(([name, reference]) => (
                <li key={name}>
                  <UserText>{name}</UserText>{" "}
                  <span className={styles.quiet}>
                    {reference.api?.name !== undefined && (
                      <>
                        <ConnectorTitle name={reference.api.name} /> ·{" "}
                      </>
                    )}
                    <UserText>{boundTo(reference)}</UserText>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </div>
  );
}

function boundTo({ connection, connectionName }: ManagedReference): string {
  return connection?.connectionReferenceLogicalName ?? connection?.name ?? connectionName ?? t("flows.unbound");
}

function Triggers({ flowId, flow }: FlowProps) {
  const styles = useStyles();
  const panels = usePanelStyles();
  const query = useQuery({
    queryKey: ["triggers", flowId],
    queryFn: ({ signal }) => request<Listed<ManagedTrigger>>(`${flowAddress(flowId)}/triggers`, { signal }),
    meta: { topics: ["flows", "cloudruns"] },
  });
  if (query.error !== null) return <ErrorMessage error={query.error} />;
  if (query.data?.value.length === 0) return <p className={styles.quiet}>{t("flows.noTrigger")}</p>;
  return (
    <>
      {query.data?.value.map(({ name, properties }) => (
        <div key={name} className={panels.column}>
          <Facts
            facts={[
              [t("flows.triggerType"), properties.triggerType],
              [t("flows.name"), <UserText key="name">{name}</UserText>],
              [t("flows.triggerState"), properties.status],
              [t("flows.lastRun"), properties.lastExecutionTime && <Time at={properties.lastExecutionTime} />],
              [t("flows.nextRun"), properties.nextExecutionTime && <Time at={properties.nextExecutionTime} />],
            ]}
          />
          {flow.properties.definition.triggers?.[name]?.type?.toLowerCase() === "request" && flow.properties.state === "Enabled" && (
            <TriggerAddress flowId={flowId} trigger={name} />
          )}
        </div>
      ))}
    </>
  );
}

/** The address that starts the flow; shown when it is asked for. */
function TriggerAddress({ flowId, trigger }: { readonly flowId: string; readonly trigger: string }) {
  const styles = useStyles();
  const ask = useMutation({
    mutationFn: () => request<{ value: string }>(`${flowAddress(flowId)}/triggers/${encodeURIComponent(trigger)}/listCallbackUrl`, { method: "POST" }),
  });
  if (ask.data !== undefined) {
    return (
      <>
        <CommandLine command={ask.data.value} autoFocus />
        <p className={styles.quiet}>{t("flows.triggerUrlWarn")}</p>
      </>
    );
  }
  return (
    <>
      <div>
        <Button size="small" disabledFocusable={ask.isPending} onClick={() => ask.mutate()}>
          {t("flows.showUrl")}
        </Button>
      </div>
      {ask.error !== null && <ErrorMessage error={ask.error} />}
    </>
  );
}

function Commands({ flowId, flow }: FlowProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const [asking, setAsking] = useState(false);
  const isOn = flow.properties.state === "Enabled";
  const [trigger] = Object.keys(flow.properties.definition.triggers ?? {});
  const inputs = buttonInputs(flow.properties.definition.triggers?.[trigger ?? ""]);
  const change = useMutation({ mutationFn: () => switchFlow(flowId, !isOn), onSettled: () => queries.invalidateQueries() });
  const run = useMutation({
    mutationFn: (body: Record<string, unknown>) => startRun(flowId, trigger ?? "", body),
    onSuccess: async (name) => {
      await queries.invalidateQueries({ queryKey: ["GET /cloudruns"] });
      if (name !== null) void navigate(toPage(addressOf.cloudRun(flowId, name)));
    },
  });
  const whyNot = !isOn ? t("flows.isOff") : trigger === undefined ? t("flows.noTrigger") : undefined;
  const failure = change.error ?? run.error;
  return (
    <>
      <Button appearance="subtle" icon={<Edit20Regular />} onClick={() => void navigate(toPage(addressOf.cloudDesigner(flowId)))}>
        {t("flows.edit")}
      </Button>
      <Explained why={whyNot}>
        <Button appearance="subtle" icon={<Play20Regular />} disabledFocusable={whyNot !== undefined || run.isPending} onClick={() => (inputs.length > 0 ? setAsking(true) : run.mutate({}))}>
          {t("flows.runNow")}
        </Button>
      </Explained>
      <Button appearance="subtle" icon={<Power20Regular />} disabledFocusable={change.isPending} onClick={() => change.mutate()}>
        {t(isOn ? "flows.turnOff" : "flows.turnOn")}
      </Button>
      <CloudFlowCopies flowId={flowId} name={flow.properties.displayName} />
      <ShareButton kind="cloud" id={flowId} command={`deskhand cloudflow share ${flowId} --user NAME`} />
      <Button appearance="subtle" icon={<Delete20Regular />} onClick={() => setDeleting(true)}>
        {t("flows.delete")}
      </Button>
      <CopyButton text={`deskhand cloudflow show ${flowId}`} label={t("common.copyAsCommand")} size="medium" />
      {failure !== null && <ErrorMessage error={failure} />}
      {asking && (
        <ButtonDialog name={flow.properties.displayName} inputs={inputs} onRun={(body) => run.mutateAsync(body)} onClose={() => setAsking(false)} />
      )}
      {deleting && (
        <DeleteFlows
          flows={[{ id: flowId, name: flow.properties.displayName }]}
          kind="cloud"
          onDeleted={() => void navigate(toPage(addressOf.cloudFlows))}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

/** Start a run and return its name; null where the trigger found nothing to run for. */
async function startRun(flowId: string, trigger: string, body: Record<string, unknown>): Promise<string | null> {
  const answer = await send(`${flowAddress(flowId)}/triggers/${encodeURIComponent(trigger)}/run`, { method: "POST", body });
  if (!answer.ok) throw await problemOf(answer);
  return answer.headers.get("x-ms-workflow-run-id");
}
