import { makeStyles } from "@fluentui/react-components";
import type { CloudFlowRow, DesktopFlowRow, RunRow } from "@/api/portal";
import { StatusBadge } from "@/components/StatusBadge";
import type { Column, Filter } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const useStyles = makeStyles({ beside: { display: "inline-flex", gap: "8px", alignItems: "center", verticalAlign: "middle" } });

function LastRun({ run }: { readonly run: RunRow | null }) {
  const styles = useStyles();
  if (run === null) return null;
  return (
    <span className={styles.beside}>
      <StatusBadge status={run.status} />
      <Time at={run.requestedOn} />
    </span>
  );
}

export function stateText(flow: DesktopFlowRow): string {
  if (!flow.published) return t("flows.draft");
  return t(flow.hasDraft ? "flows.publishedDraft" : "flows.published");
}

function problemsText({ errors, warnings }: DesktopFlowRow): string {
  const parts = [errors > 0 && t("flows.errors", { count: errors }), warnings > 0 && t("flows.warnings", { count: warnings })];
  return parts.filter(Boolean).join(", ");
}

/** What the checker found, as a badge; nothing where it found nothing. */
export function Problems({ flow }: { readonly flow: DesktopFlowRow }) {
  if (flow.errors === 0 && flow.warnings === 0) return null;
  return <StatusBadge status={flow.errors > 0 ? "Failed" : "Warning"} text={problemsText(flow)} />;
}

/** What lists of both kinds of flows show of one. */
type AnyFlow = Pick<DesktopFlowRow & CloudFlowRow, "lastRun" | "modifiedOn" | "owner" | "description">;

const LAST_RUN: Column<AnyFlow> = {
  id: "lastRun",
  header: t("flows.lastRun"),
  render: (flow) => <LastRun run={flow.lastRun} />,
  text: (flow) => flow.lastRun?.status ?? null,
  width: 220,
  grow: 1.5,
};

const ABOUT: readonly Column<AnyFlow>[] = [
  {
    id: "modified",
    header: t("flows.modified"),
    render: (flow) => <Time at={flow.modifiedOn} />,
    text: (flow) => flow.modifiedOn,
    sort: "modifiedOn",
    width: 130,
  },
  { id: "owner", header: t("flows.owner"), render: (flow) => <UserText>{flow.owner}</UserText>, text: (flow) => flow.owner, width: 110 },
  {
    id: "description",
    header: t("flows.description"),
    render: (flow) => <UserText>{flow.description}</UserText>,
    text: (flow) => flow.description,
    width: 180,
    optional: true,
  },
];

export const DESKTOP_FLOW_COLUMNS: readonly Column<DesktopFlowRow>[] = [
  { id: "name", header: t("flows.name"), render: (flow) => <UserText>{flow.name}</UserText>, text: (flow) => flow.name, sort: "name", width: 240, grow: 3, isLink: true },
  { id: "state", header: t("flows.state"), render: stateText, text: stateText, width: 110 },
  LAST_RUN,
  { id: "problems", header: t("flows.problems"), render: (flow) => <Problems flow={flow} />, text: problemsText, width: 130 },
  {
    id: "size",
    header: t("flows.size"),
    render: (flow) => (flow.actions === null ? "" : t("flows.sizeOf", { actions: flow.actions, subflows: flow.subflows ?? 1 })),
    text: (flow) => flow.actions,
    width: 130,
  },
  ...ABOUT,
  {
    id: "modifiedBy",
    header: t("flows.modifiedBy"),
    render: (flow) => <UserText>{flow.modifiedBy}</UserText>,
    text: (flow) => flow.modifiedBy,
    width: 110,
    optional: true,
  },
];

export const DESKTOP_FLOW_FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: t("flows.state"),
    single: true,
    options: [
      { value: "published", label: t("flows.published") },
      { value: "draft", label: t("flows.draft") },
    ],
  },
];

export const CLOUD_FLOW_COLUMNS: readonly Column<CloudFlowRow>[] = [
  { id: "name", header: t("flows.name"), render: (flow) => <UserText>{flow.name}</UserText>, text: (flow) => flow.name, sort: "name", width: 240, grow: 3, isLink: true },
  { id: "state", header: t("flows.state"), render: (flow) => <StatusBadge status={flow.state} />, text: (flow) => flow.state, width: 110 },
  { id: "trigger", header: t("flows.trigger"), render: (flow) => <UserText>{flow.trigger}</UserText>, text: (flow) => flow.trigger, width: 120 },
  LAST_RUN,
  {
    id: "nextRun",
    header: t("flows.nextRun"),
    render: (flow) => flow.nextRunOn && <Time at={flow.nextRunOn} />,
    text: (flow) => flow.nextRunOn,
    width: 120,
  },
  ...ABOUT,
];

export const CLOUD_FLOW_FILTERS: readonly Filter[] = [
  { id: "state", label: t("flows.state"), options: (["On", "Off", "Suspended"] as const).map((value) => ({ value, label: value })) },
];
