import {
  Button,
  Menu,
  MenuButton,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tab,
  TabList,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { ArrowClockwise20Regular, Dismiss20Regular, MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type RunDetails } from "@/api/portal";
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
import { RunDialog } from "@/components/run/RunDialog";
import { cancelRun, isOpen } from "@/components/run/cancelRuns";
import { StatusBadge } from "@/components/StatusBadge";
import { ExactTime, Time } from "@/components/Time";
import { duration } from "@/format/duration";
import { shortId } from "@/format/quantity";
import { friendly } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { useSession } from "@/session/session";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { ChooseConnection } from "../../connections/ChooseConnection";
import { parentPage } from "../actions";
import { modeText, startedByText } from "../columns";
import { RunTable } from "../RunTable";
import { ActionTable } from "./ActionTable";
import { headline } from "./headline";
import { remedies } from "./remedies";
import { supportText } from "./supportText";
import { Timeline } from "./Timeline";
import { Values } from "./Values";

const useStyles = makeStyles({
  headline: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, marginLeft: "8px" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  panels: {
    display: "grid",
    gap: "12px",
    gridTemplateColumns: "repeat(3, minmax(0, 1fr))",
    "@media (max-width: 1180px)": { gridTemplateColumns: "repeat(2, minmax(0, 1fr))" },
    "@media (max-width: 760px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  link: { color: tokens.colorBrandForegroundLink },
});

/** Everything about one run of a desktop flow. */
export function RunDetailsPage() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const query = useQuery(endpointQuery("GET /desktopruns/{runId}", { path: { runId } }, { topics: ["runs", "queue"] }));
  const crumbs = [{ text: t("nav.monitor") }, { text: t("runs.desktopTitle"), to: addressOf.desktopRuns }];
  if (query.data !== undefined) return <Loaded details={query.data} crumbs={crumbs} />;
  if (query.error === null) return <PageLoading />;
  return <ProblemPage title={t("runs.desktopRun")} crumbs={crumbs} error={query.error} onRetry={() => void query.refetch()} />;
}

interface LoadedProps {
  readonly details: RunDetails;
  readonly crumbs: readonly { readonly text: string; readonly to?: string }[];
}

type Part = "actions" | "children" | "raw";

function Loaded({ details, crumbs }: LoadedProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { tab = "actions" } = useSearch({ strict: false }) as { tab?: Part };
  const { zone } = usePreferences();
  const { run, error, waiting } = details;
  const helps = remedies(details);
  const wrote = (at: string) => friendly(new Date(at), new Date(), zone);
  return (
    <Page
      title={t("details.runTitle", { flow: run.flowName, id: shortId(run.id) })}
      crumbs={crumbs}
      beside={
        <span role="status">
          <StatusBadge status={run.status} />
        </span>
      }
      commands={<Commands details={details} />}
    >
      <Panel title={t(isOpen(run) ? "headline.now" : "headline.result")}>
        <div>
          <p className={styles.headline} dir="auto">
            {headline(details, wrote)}
            {error?.code != null && <span className={styles.code}>{error.code}</span>}
          </p>
          {error?.details != null && error.details !== error.message && (
            <p className={styles.quiet} dir="auto">
              {error.details}
            </p>
          )}
          {helps.map((one) => (
            <p key={one} className={styles.quiet} dir="auto">
              {one}
            </p>
          ))}
          {waiting?.failsOn != null && <p className={styles.quiet}>{t("headline.fails", { time: wrote(waiting.failsOn) })}</p>}
        </div>
        <Timeline details={details} />
      </Panel>
      <div className={styles.panels}>
        <Panel title={t("details.title")}>
          <RunFacts details={details} />
        </Panel>
        <Values title={t("details.inputs")} values={details.inputs} none={t("details.noInputs")} />
        <Values title={t("details.outputs")} values={details.outputs ?? []} none={noOutputs(details)} />
      </div>
      <TabList
        selectedValue={tab}
        onTabSelect={(_, data) => void navigate({ to: ".", search: ((before: object) => ({ ...before, tab: data.value })) as never, replace: true })}
      >
        <Tab value="actions">{t("actions.title")}</Tab>
        {details.children.length > 0 && <Tab value="children">{t("details.children", { count: details.children.length })}</Tab>}
        <Tab value="raw">{t("details.raw")}</Tab>
      </TabList>
      {tab === "actions" && <ActionTable runId={run.id} flowId={run.flowId} flowChanged={details.flowChanged} lastAction={details.lastAction} omits={details.logOmits} deletedOn={details.logDeletedOn} isOpen={isOpen(run)} />}
      {tab === "children" && <RunTable runs={details.children} label={t("details.children", { count: details.children.length })} />}
      {tab === "raw" && <Json value={details} label={t("details.raw")} />}
    </Page>
  );
}

function noOutputs({ run }: RunDetails): string {
  if (isOpen(run)) return t("details.noOutputsYet");
  return t(run.status === "Succeeded" ? "details.noOutputs" : "details.noOutputsFailed");
}

/** That the flow was changed since: what differs, where the version is still kept. */
function changedSince(flowId: string, version: number | null) {
  if (version === null) return t("details.flowChanged");
  return <Link {...toPage(`${addressOf.desktopFlow(flowId)}?compare=${version}..published`)}>{t("details.flowChanged")}</Link>;
}

function RunFacts({ details }: { readonly details: RunDetails }) {
  const styles = useStyles();
  const { run } = details;
  const parent = run.parent && (
    <Link {...toPage(parentPage(run))} className={styles.link}>
      <UserText>{t("details.parentRun", { flow: run.parent.flowName ?? "", id: shortId(run.parent.runName ?? run.parent.runId) })}</UserText>
    </Link>
  );
  const machine =
    run.machineId === null ? (
      <UserText>{run.group}</UserText>
    ) : (
      <>
        <Link {...toPage(addressOf.machine(run.machineId))} className={styles.link}>
          <UserText>{run.machine ?? shortId(run.machineId)}</UserText>
        </Link>
        {run.group !== null && run.group !== run.machine && <> {t("details.machineIn", { group: run.group })}</>}
      </>
    );
  const flow = run.flowId !== null && (
    <>
      <Link {...toPage(addressOf.desktopFlow(run.flowId))} className={styles.link}>
        <UserText>{run.flowName}</UserText>
      </Link>
      {details.flowVersion !== null && ` · ${t("versions.ofRun", { number: details.flowVersion })}`}
      {details.flowChanged && <> ({changedSince(run.flowId, details.flowVersion)})</>}
    </>
  );
  const priority = t(details.highPriority ? "details.high" : "details.normal");
  return (
    <Facts
      facts={[
        [t("details.flow"), flow],
        [t("details.parent"), parent],
        [t("details.startedBy"), [startedByText(run.startedBy), run.requestedBy].filter(Boolean).join(", ")],
        [t("details.mode"), run.mode && t("details.modeText", { mode: modeText(run.mode), priority })],
        [t("details.machine"), machine],
        [t("details.runAs"), details.sessionUser && <UserText>{details.sessionUser}</UserText>],
        [t("details.connection"), details.connection && <UserText>{details.connectionName ?? details.connection}</UserText>],
        [t("details.agent"), details.agentVersion],
        [t("details.timeout"), details.timeout !== null && duration(details.timeout * 1000)],
        [t("details.requested"), <ExactTime key="requested" at={run.requestedOn} />],
        [t("details.ended"), run.completedOn && <Time at={run.completedOn} />],
      ]}
    />
  );
}

function Commands({ details }: { readonly details: RunDetails }) {
  const { run } = details;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { version } = useSession();
  const [dialog, setDialog] = useState<"cancel" | "rerun" | "elsewhere">();
  const go = (runId: string) => void navigate(toPage(addressOf.desktopRun(runId)));
  const again = useMutation({
    mutationFn: (connection?: string) =>
      portal("POST /desktopruns/{runId}/rerun", { path: { runId: run.id }, body: connection === undefined ? {} : { connection } }),
    onSuccess: ({ runId }) => go(runId),
  });
  const cancel = useMutation({
    mutationFn: () => cancelRun(run),
    onSettled: () => queries.invalidateQueries(),
  });
  const copySupport = async () => {
    const page = await portal("GET /desktopruns/{runId}/actions", { path: { runId: run.id }, query: { before: 2_147_483_647, limit: 10 } });
    await navigator.clipboard.writeText(supportText(details, page.items, version));
  };
  const whyNoRerun = details.canRerun ? undefined : t(isOpen(run) ? "runs.notEnded" : "runs.flowGone");
  const whyNoCancel = details.canCancel ? undefined : t(!isOpen(run) ? "runs.ended" : run.status === "Canceling" ? "runs.cancelAsked" : "runs.noRight");
  const failure = again.error ?? cancel.error;
  return (
    <>
      {whyNoRerun === undefined ? (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <MenuButton appearance="subtle" icon={<ArrowClockwise20Regular />} disabledFocusable={again.isPending}>
              {t("runs.rerun")}
            </MenuButton>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => again.mutate(undefined)}>{t("runs.rerunSame")}</MenuItem>
              <MenuItem onClick={() => setDialog("rerun")}>{t("runs.rerunEdit")}</MenuItem>
              <MenuItem onClick={() => setDialog("elsewhere")}>{t("runs.rerunElsewhere")}</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      ) : (
        <Explained why={whyNoRerun}>
          <Button appearance="subtle" icon={<ArrowClockwise20Regular />} disabledFocusable>
            {t("runs.rerun")}
          </Button>
        </Explained>
      )}
      <Explained why={whyNoCancel}>
        <Button
          appearance="subtle"
          icon={<Dismiss20Regular />}
          disabledFocusable={whyNoCancel !== undefined || cancel.isPending}
          onClick={() => (run.status === "Running" ? setDialog("cancel") : cancel.mutate())}
        >
          {t(run.status === "Canceling" || cancel.isPending ? "runs.canceling" : "runs.cancel")}
        </Button>
      </Explained>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("common.more")} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => void copySupport()}>{t("details.support")}</MenuItem>
            <MenuItem onClick={() => void navigator.clipboard.writeText(run.id)}>{t("runs.copyId")}</MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <CopyButton text={`deskhand runs show ${shortId(run.id)}`} label={t("common.copyAsCommand")} size="medium" />
      {failure !== null && <ErrorMessage error={failure} />}
      {dialog === "cancel" && (
        <ConfirmDialog
          title={t("details.cancelTitle")}
          action={t("details.cancelAction")}
          dismiss={t("runs.cancelKeep")}
          onConfirm={() => cancel.mutateAsync()}
          onClose={() => setDialog(undefined)}
        >
          <p>{t("details.cancelText", { flow: run.flowName, machine: run.machine ?? "" })}</p>
        </ConfirmDialog>
      )}
      {dialog === "elsewhere" && (
        <ChooseConnection
          title={t("runs.rerunElsewhereTitle", { flow: run.flowName })}
          label={t("runs.rerunConnection")}
          action={t("runs.rerunAction")}
          connector="shared_uiflow"
          {...(details.connection !== null && { without: details.connection })}
          none={t("runs.rerunNoConnection")}
          onChoose={({ name }) => again.mutateAsync(name)}
          onClose={() => setDialog(undefined)}
        >
          <p>{t("runs.rerunElsewhereText")}</p>
        </ChooseConnection>
      )}
      {dialog === "rerun" && run.flowId !== null && (
        <RunDialog
          flowId={run.flowId}
          repeated={{ runId: run.id, inputs: details.inputs, connection: details.connection, mode: run.mode }}
          onStarted={go}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  );
}
