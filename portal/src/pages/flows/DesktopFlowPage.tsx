import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownload20Regular, Copy20Regular, Delete20Regular, Edit20Regular, Play20Regular, Settings20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import type { DesktopFlowDetails, FlowParameter } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { CopyButton } from "@/components/CopyButton";
import { Explained } from "@/components/Explained";
import { Facts } from "@/components/Facts";
import { FlowLinks } from "@/components/FlowLinks";
import { Page, type Crumb } from "@/components/Page";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { usePanelStyles } from "@/components/panelStyles";
import { RunDialog } from "@/components/run/RunDialog";
import { ShareButton } from "@/components/share/ShareButton";
import { StatusBadge } from "@/components/StatusBadge";
import { ExactTime, Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { typeText } from "@/strings/typeText";
import { RunTable } from "../runs/RunTable";
import { stateText } from "./columns";
import { DayChart } from "./DayChart";
import { DeleteFlows } from "./DeleteFlows";
import { ExportFlows } from "./ExportFlows";
import { FlowPropertiesDialog } from "./FlowPropertiesDialog";
import { SaveAs } from "./SaveAs";
import { Versions } from "./Versions";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "8px" },
  name: { fontWeight: tokens.fontWeightSemibold },
  link: { color: tokens.colorBrandForegroundLink, overflowWrap: "anywhere" },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, marginLeft: "6px" },
  message: { overflowWrap: "anywhere" },
});

/** Everything about one desktop flow. */
export function DesktopFlowPage() {
  const { flowId } = useParams({ strict: false }) as { flowId: string };
  const query = useQuery(endpointQuery("GET /desktopflows/{flowId}", { path: { flowId } }, { topics: ["flows", "runs"] }));
  const crumbs = [{ text: t("nav.myFlows") }, { text: t("flows.desktopTitle"), to: addressOf.desktopFlows }];
  if (query.data !== undefined) return <Loaded details={query.data} crumbs={crumbs} readAt={query.dataUpdatedAt} />;
  if (query.error === null) return <PageLoading />;
  return <ProblemPage title={t("flows.desktopFlow")} crumbs={crumbs} error={query.error} onRetry={() => void query.refetch()} />;
}

interface LoadedProps {
  readonly details: DesktopFlowDetails;
  readonly crumbs: readonly Crumb[];
  readonly readAt: number;
}

function Loaded({ details, crumbs, readAt }: LoadedProps) {
  const styles = useStyles();
  const panels = usePanelStyles();
  const { flow } = details;
  const modified = (
    <>
      <Time at={flow.modifiedOn} /> {flow.modifiedBy !== null && <UserText>{t("flows.modifiedByText", { name: flow.modifiedBy })}</UserText>}
    </>
  );
  return (
    <Page title={flow.name} crumbs={crumbs} beside={<span>{stateText(flow)}</span>} commands={<Commands details={details} />}>
      {flow.description !== null && flow.description !== "" && (
        <p className={styles.quiet} dir="auto">
          {flow.description}
        </p>
      )}
      <div className={panels.panels}>
        <div className={panels.column}>
          <Panel
            title={t("flows.history")}
            beside={
              <Link {...toPage(`${addressOf.desktopRuns}?flow=${flow.id}`)} className={styles.link}>
                {t("flows.allRuns")}
              </Link>
            }
          >
            <DayChart days={details.days} now={new Date(readAt)} />
            {details.runs.length === 0 ? <p className={styles.quiet}>{t("flows.notRun")}</p> : <RunTable runs={details.runs} label={t("flows.history")} ofOneFlow />}
          </Panel>
          <Panel title={t("flows.findings")}>
            <Findings details={details} />
          </Panel>
        </div>
        <div className={panels.column}>
          <Panel title={t("flows.details")}>
            <Facts
              facts={[
                [t("flows.owner"), flow.owner && <UserText>{flow.owner}</UserText>],
                [t("flows.modified"), modified],
                [t("flows.created"), <ExactTime key="created" at={details.createdOn} />],
                [t("flows.size"), flow.actions !== null && t("flows.sizeOf", { actions: flow.actions, subflows: flow.subflows ?? 1 })],
                [t("flows.modules"), details.modules.join(", ")],
              ]}
            />
          </Panel>
          <Versions flowId={flow.id} name={flow.name} canWrite={details.canWrite} />
          <Panel title={t("flows.inputs")}>
            <Parameters parameters={details.inputs} none={t("flows.noInputs")} />
          </Panel>
          <Panel title={t("flows.outputs")}>
            <Parameters parameters={details.outputs} none={t("flows.noOutputs")} />
          </Panel>
          <Panel title={t("flows.usedBy")}>
            <FlowLinks links={details.usedBy} none={t("flows.nothing")} />
          </Panel>
          {details.uses.length > 0 && (
            <Panel title={t("flows.uses")}>
              <FlowLinks links={details.uses} none={t("flows.nothing")} />
            </Panel>
          )}
        </div>
      </div>
    </Page>
  );
}

function Parameters({ parameters, none }: { readonly parameters: readonly FlowParameter[]; readonly none: string }) {
  const styles = useStyles();
  if (parameters.length === 0) return <p className={styles.quiet}>{none}</p>;
  return (
    <ul className={styles.list}>
      {parameters.map((one) => (
        <li key={one.name}>
          <UserText className={styles.name}>{one.name}</UserText> <span className={styles.quiet}>{about(one)}</span>
          {one.description !== "" && (
            <p className={styles.quiet} dir="auto">
              {one.description}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function about({ type, required, sensitive, default: value }: FlowParameter): string {
  const hasDefault = value !== null && value !== "";
  const parts = [typeText(type), required && t("flows.inputRequired"), sensitive && t("flows.inputSensitive"), hasDefault && t("flows.inputDefault", { value: JSON.stringify(value) })];
  return parts.filter(Boolean).join(", ");
}

function Findings({ details: { findings } }: { readonly details: DesktopFlowDetails }) {
  const styles = useStyles();
  if (findings.length === 0) return <p className={styles.quiet}>{t("flows.noFindings")}</p>;
  return (
    <ul className={styles.list}>
      {findings.map((one, index) => (
        <li key={index} className={styles.message}>
          <StatusBadge status={one.severity === "error" ? "Failed" : "Warning"} text={t("flows.findingAt", { line: one.line })} /> <UserText>{one.message}</UserText>
          <span className={styles.code}>{one.code}</span>
        </li>
      ))}
    </ul>
  );
}

function Commands({ details }: { readonly details: DesktopFlowDetails }) {
  const { flow } = details;
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"run" | "properties" | "saveAs" | "export" | "delete">();
  const whyNot = details.canRun ? undefined : t("flows.cannotRun");
  const close = () => setDialog(undefined);
  return (
    <>
      <Explained why={whyNot}>
        <Button appearance="subtle" icon={<Play20Regular />} disabledFocusable={whyNot !== undefined} onClick={() => setDialog("run")}>
          {t("flows.run")}
        </Button>
      </Explained>
      <Button appearance="subtle" icon={<Edit20Regular />} onClick={() => void navigate(toPage(addressOf.desktopDesigner(flow.id)))}>
        {t("flows.edit")}
      </Button>
      <Explained why={details.canWrite ? undefined : t("flows.noRight")}>
        <Button appearance="subtle" icon={<Settings20Regular />} disabledFocusable={!details.canWrite} onClick={() => setDialog("properties")}>
          {t("flows.properties")}
        </Button>
      </Explained>
      <Button appearance="subtle" icon={<Copy20Regular />} onClick={() => setDialog("saveAs")}>
        {t("copies.saveAs")}
      </Button>
      <Button appearance="subtle" icon={<ArrowDownload20Regular />} onClick={() => setDialog("export")}>
        {t("copies.export")}
      </Button>
      <ShareButton kind="desktop" id={flow.id} command={`deskhand flow share ${flow.id} --user NAME`} />
      <Explained why={details.canDelete ? undefined : t("flows.noRight")}>
        <Button appearance="subtle" icon={<Delete20Regular />} disabledFocusable={!details.canDelete} onClick={() => setDialog("delete")}>
          {t("flows.delete")}
        </Button>
      </Explained>
      <CopyButton text={`deskhand flow show ${flow.id}`} label={t("common.copyAsCommand")} size="medium" />
      {dialog === "run" && <RunDialog flowId={flow.id} onStarted={(runId) => void navigate(toPage(addressOf.desktopRun(runId)))} onClose={close} />}
      {dialog === "saveAs" && <SaveAs flow={flow} onSaved={(id) => void navigate(toPage(addressOf.desktopFlow(id)))} onClose={close} />}
      {dialog === "export" && <ExportFlows flows={[flow]} onClose={close} />}
      {dialog === "properties" && <FlowPropertiesDialog flow={flow} onClose={close} />}
      {dialog === "delete" && <DeleteFlows flows={[flow]} onDeleted={() => void navigate(toPage(addressOf.desktopFlows))} onClose={close} />}
    </>
  );
}
