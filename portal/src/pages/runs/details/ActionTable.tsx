import { Button, Dropdown, MessageBar, MessageBarBody, Option, Skeleton, SkeletonItem, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownload20Regular, Dismiss16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type ActionFilters, type ActionPage, type Counted } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { download } from "@/components/table/exporting";
import { FilterChip } from "@/components/table/FilterChip";
import { ListSearch } from "@/components/table/ListSearch";
import { isFiltered, type Filter, type View } from "@/components/table/model";
import { useView } from "@/components/table/useView";
import { friendly } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";
import { partOf } from "./actionLog";
import type { Log, Usual } from "./ActionCells";
import { ActionRows } from "./ActionRows";
import { useActionLog, type Order } from "./useActionLog";

const PAGE = 2_000;

const useStyles = makeStyles({
  place: { display: "flex", flexDirection: "column", gap: "8px", minHeight: 0 },
  bar: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: "8px" },
  order: { minWidth: "150px" },
  // It stays for screen readers, and takes no room while nothing is sought.
  found: { color: tokens.colorNeutralForeground2, ":empty": { position: "absolute" } },
});

/** What stands in the address; the values to choose from come with the log. */
const FILTERS: readonly Filter[] = (["problems", "subflow", "action", "status", "level"] as const).map((id) => ({ id, label: t(`actions.filter.${id}`), options: [] }));

interface ActionTableProps {
  readonly runId: string;
  /** The flow whose rows the log tells of; none where it is gone. */
  readonly flowId: string | null;
  /** Whether the flow was changed since the run took it. */
  readonly flowChanged: boolean;
  readonly lastAction: number;
  readonly omits: boolean;
  /** When the log was deleted by rule. */
  readonly deletedOn: string | null;
  readonly isOpen: boolean;
}

/** What a run does, action by action, as it happens. */
export function ActionTable({ runId, flowId, flowChanged, lastAction, omits, deletedOn, isOpen }: ActionTableProps) {
  const styles = useStyles();
  const { view, change } = useView(FILTERS, "newest");
  const order: Order = view.sort === "oldest" ? "oldest" : "newest";
  const part = useMemo(() => partOf(view.filters, view.search), [view.filters, view.search]);
  const log = useActionLog({ runId, order, part, lastAction });
  const known = useQuery({ ...endpointQuery("GET /desktopruns/{runId}/actions/filters", { path: { runId } }, { topics: ["runs"], id: runId }), enabled: lastAction >= 0 });
  const usual = useUsual(runId, lastAction >= 0);
  const { rows } = log.range;
  const isNarrowed = isFiltered(view);
  const { zone } = usePreferences();
  if (deletedOn !== null) return <EmptyState title={t("retention.logDeleted", { time: friendly(new Date(deletedOn), new Date(), zone) })} />;
  const choose = (id: string, values: readonly string[]) => change({ filters: { ...view.filters, [id]: values } });
  const seen: Log = { runId, flowId, flowChanged, order, lastAction, usual, isFlat: part.closed !== true };
  return (
    <div className={styles.place}>
      <div className={styles.bar}>
        <Dropdown
          size="small"
          className={styles.order}
          aria-label={t("actions.order")}
          value={t(order === "newest" ? "actions.newest" : "actions.oldest")}
          selectedOptions={[order]}
          onOptionSelect={(_, data) => change({ sort: data.optionValue ?? "newest" })}
        >
          <Option value="newest">{t("actions.newest")}</Option>
          <Option value="oldest">{t("actions.oldest")}</Option>
        </Dropdown>
        <Switch
          checked={(view.filters["problems"] ?? []).length > 0}
          label={t("actions.problems")}
          onChange={(_, data) => choose("problems", data.checked ? ["yes"] : [])}
        />
        {known.data !== undefined &&
          choices(known.data).map((filter) => (
            <FilterChip key={filter.id} filter={filter} chosen={view.filters[filter.id] ?? []} onChoose={(values) => choose(filter.id, values)} />
          ))}
        <ListSearch label={t("actions.search")} value={view.search} onChange={(search) => change({ search })} />
        <span role="status" className={styles.found}>
          {view.search !== "" && log.found !== null && t("actions.found", { found: log.found.matches, count: log.found.of })}
        </span>
        {isNarrowed && (
          <Button appearance="subtle" size="small" icon={<Dismiss16Regular />} onClick={() => change({ search: "", filters: {} })}>
            {t("table.clearFilters")}
          </Button>
        )}
        <Button size="small" appearance="subtle" icon={<ArrowDownload20Regular />} disabledFocusable={lastAction < 0} onClick={() => void exportActions(runId)}>
          {t("actions.export")}
        </Button>
      </div>
      {omits && (
        <MessageBar intent="info">
          <MessageBarBody>{t("actions.omits")}</MessageBarBody>
        </MessageBar>
      )}
      {log.error !== undefined && <ErrorMessage error={log.error} onRetry={log.retry} />}
      {log.isLoading && log.error === undefined && (
        <Skeleton aria-label={t("common.loading")}>
          <SkeletonItem size={96} />
        </Skeleton>
      )}
      {!log.isLoading && rows.length === 0 && (
        <EmptyState title={t(isNarrowed ? nothingLeft(view) : isOpen ? "actions.notYet" : "actions.none")}>
          {isNarrowed && <Button onClick={() => change({ search: "", filters: {} })}>{t("table.clearFilters")}</Button>}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <ActionRows log={seen} rows={order === "newest" ? rows.toReversed() : rows} onEnd={order === "newest" ? log.loadOlder : log.loadNewer} />
      )}
    </div>
  );
}

function nothingLeft({ search, filters }: View) {
  if (search !== "") return "actions.noMatch";
  const chosen = Object.entries(filters).filter(([, values]) => values.length > 0);
  return chosen.every(([id]) => id === "problems") ? "actions.noProblems" : "actions.noMatch";
}

/** The filters that leave something out, with how many rows each value has. */
function choices(known: ActionFilters): readonly Filter[] {
  const options = (values: readonly Counted[]) => values.map(({ value, count }) => ({ value, label: t("actions.counted", { value, count }) }));
  const all: readonly Filter[] = [
    { id: "subflow", label: t("actions.filter.subflow"), options: options(known.subflows) },
    { id: "action", label: t("actions.filter.action"), options: options(known.actions) },
    { id: "status", label: t("actions.filter.status"), options: options(known.statuses) },
    { id: "level", label: t("actions.filter.level"), options: options(known.levels) },
  ];
  return all.filter((one) => one.options.length > (one.id === "level" ? 0 : 1));
}

function useUsual(runId: string, enabled: boolean): Usual {
  const { data } = useQuery({ ...endpointQuery("GET /desktopruns/{runId}/usual", { path: { runId } }), staleTime: Infinity, enabled });
  return useMemo(() => {
    const times = new Map(data?.items.map((one) => [`${one.subflow} ${one.line} ${one.action}`, one.medianMs]));
    return { runs: data?.runs ?? 0, of: (row) => times.get(`${row.subflow} ${row.line} ${row.action}`) };
  }, [data]);
}

/** Write the whole log as a file, one JSON object a line. */
async function exportActions(runId: string): Promise<void> {
  const lines: string[] = [];
  for (let after: number | undefined = -1; after !== undefined; ) {
    const page: ActionPage = await portal("GET /desktopruns/{runId}/actions", { path: { runId }, query: { after, limit: PAGE } });
    lines.push(...page.items.map((row) => JSON.stringify(row)));
    after = page.first === null ? undefined : page.items.at(-1)?.index;
  }
  download(`run-${runId.slice(0, 8)}.ndjson`, "application/x-ndjson", `${lines.join("\n")}\n`);
}
