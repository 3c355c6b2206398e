import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular, Dismiss20Regular, Edit20Regular, Next20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { request } from "@/api/client";
import { flowAddress, runAddress, type ManagedFlow, type ManagedRun } from "@/api/management";
import { addressOf, toPage } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CopyButton } from "@/components/CopyButton";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { Facts } from "@/components/Facts";
import { Json } from "@/components/Json";
import { Page } from "@/components/Page";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { usePanelStyles } from "@/components/panelStyles";
import { isOpen } from "@/components/run/cancelRuns";
import { StatusBadge } from "@/components/StatusBadge";
import { ExactTime } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { Actions } from "./Actions";
import { Content } from "./Content";
import { runText } from "./runText";
import { shownStatus } from "./statuses";

const useStyles = makeStyles({
  headline: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  link: { color: tokens.colorBrandForegroundLink },
});

/** Everything about one run of a cloud flow. */
export function CloudRunPage() {
  const { flowId, runName } = useParams({ strict: false }) as { flowId: string; runName: string };
  const address = runAddress(flowId, runName);
  const run = useQuery({
    queryKey: ["cloudrun", flowId, runName],
    queryFn: ({ signal }) => request<ManagedRun>(address, { query: { $expand: "properties/actions" }, signal }),
    meta: { topics: ["cloudruns", "queue"] },
  });
  const flow = useQuery({
    queryKey: ["cloudflow", flowId],
    queryFn: ({ signal }) => request<ManagedFlow>(flowAddress(flowId), { signal }),
    meta: { topics: ["flows"], id: flowId },
  });
  const flowName = flow.data?.properties.displayName ?? t("flows.cloudFlow");
  const crumbs = [
    { text: t("nav.myFlows") },
    { text: t("flows.cloudTitle"), to: addressOf.cloudFlows },
    { text: flowName, to: addressOf.cloudFlow(flowId) },
  ];
  if (run.data === undefined) {
    if (run.error === null) return <PageLoading />;
    // Where the flow cannot be seen either, its page is no way out.
    const known = flow.data === undefined ? crumbs.slice(0, -1) : crumbs;
    return <ProblemPage title={t("runs.cloudRun")} crumbs={known} error={run.error} onRetry={() => void run.refetch()} />;
  }
  return (
    <Page
      title={t("cloudRun.title", { flow: flowName, name: runName })}
      crumbs={crumbs}
      beside={
        <span role="status">
          <StatusBadge status={shownStatus(run.data.properties.status)} />
        </span>
      }
      commands={<Commands flowId={flowId} run={run.data} />}
    >
      <Body flowId={flowId} run={run.data} />
    </Page>
  );
}

interface RunProps {
  readonly flowId: string;
  readonly run: ManagedRun;
}

function Body({ flowId, run }: RunProps) {
  const styles = useStyles();
  const panels = usePanelStyles();
  const { properties } = run;
  const { trigger, resumedRun } = properties;
  const resumed = resumedRun && (
    <Link {...toPage(addressOf.cloudRun(flowId, resumedRun.name))} className={styles.link}>
      {t("cloudRun.resumed", { name: resumedRun.name })}
    </Link>
  );
  const open = isOpen({ status: shownStatus(properties.status) });
  return (
    <>
      <Panel title={t(open ? "headline.now" : "headline.result")}>
        <p className={styles.headline} dir="auto">
          {visible(runText(run))}
        </p>
      </Panel>
      <div className={panels.panels}>
        <Panel title={t("cloudRun.actions")}>
          <Actions flowId={flowId} run={run} />
        </Panel>
        <div className={panels.column}>
          <Panel title={t("details.title")}>
            <Facts
              facts={[
                [t("runs.started"), <ExactTime key="start" at={properties.startTime} />],
                [t("details.ended"), properties.endTime && <ExactTime at={properties.endTime} />],
                [t("cloudRun.tracking"), properties.correlation.clientTrackingId],
                [t("runs.parent"), resumed],
              ]}
            />
          </Panel>
          <Panel title={t("cloudRun.trigger")}>
            <Facts
              facts={[
                [t("flows.triggerType"), trigger.triggerType],
                [t("flows.name"), <UserText key="name">{trigger.name}</UserText>],
              ]}
            />
            <Content title={t("cloudRun.inputs")} link={trigger.inputsLink} />
            <Content title={t("cloudRun.outputs")} link={trigger.outputsLink} />
          </Panel>
          {Object.keys(properties.outputs).length > 0 && (
            <Panel title={t("cloudRun.outputsOfRun")}>
              <Json value={properties.outputs} label={t("cloudRun.outputsOfRun")} />
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

function Commands({ flowId, run }: RunProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { properties, name } = run;
  const open = isOpen({ status: shownStatus(properties.status) });
  const address = runAddress(flowId, name);
  const started = (made: { readonly name: string }) => void navigate(toPage(addressOf.cloudRun(flowId, made.name)));
  const history = `${flowAddress(flowId)}/triggers/${encodeURIComponent(properties.trigger.name)}/histories/${encodeURIComponent(name)}`;
  const resubmit = useMutation({ mutationFn: () => request<{ name: string }>(`${history}/resubmit`, { method: "POST" }), onSuccess: started });
  const resume = useMutation({ mutationFn: () => request<{ name: string }>(`${address}/resubmit`, { method: "POST", body: {} }), onSuccess: started });
  const cancel = useMutation({ mutationFn: () => request(`${address}/cancel`, { method: "POST" }), onSettled: () => queries.invalidateQueries() });
  const canResume = Object.values(properties.actions ?? {}).some((action) => action.canResubmit === true);
  const whyNoCancel = open ? undefined : t("runs.ended");
  const whyNoResume = open ? t("runs.notEnded") : canResume ? undefined : t("cloudRun.nothingToResume");
  const failure = resubmit.error ?? resume.error ?? cancel.error;
  return (
    <>
      <Button appearance="subtle" icon={<ArrowClockwise20Regular />} disabledFocusable={resubmit.isPending} onClick={() => resubmit.mutate()}>
        {t("cloudRun.resubmit")}
      </Button>
      <Explained why={whyNoResume}>
        <Button appearance="subtle" icon={<Next20Regular />} disabledFocusable={whyNoResume !== undefined || resume.isPending} onClick={() => resume.mutate()}>
          {t("cloudRun.resume")}
        </Button>
      </Explained>
      <Explained why={whyNoCancel}>
        <Button appearance="subtle" icon={<Dismiss20Regular />} disabledFocusable={whyNoCancel !== undefined || cancel.isPending} onClick={() => setAsking(true)}>
          {t(cancel.isPending ? "runs.canceling" : "runs.cancel")}
        </Button>
      </Explained>
      <Button appearance="subtle" icon={<Edit20Regular />} onClick={() => void navigate(toPage(`${addressOf.cloudDesigner(flowId)}?run=${name}`))}>
        {t("flows.edit")}
      </Button>
      <CopyButton text={`deskhand cloudflow run show ${name}`} label={t("common.copyAsCommand")} size="medium" />
      {failure !== null && <ErrorMessage error={failure} />}
      {asking && (
        <ConfirmDialog
          title={t("details.cancelTitle")}
          action={t("details.cancelAction")}
          dismiss={t("runs.cancelKeep")}
          onConfirm={() => cancel.mutateAsync()}
          onClose={() => setAsking(false)}
        >
          <p>{t("cloudRun.cancelText")}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
