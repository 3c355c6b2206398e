import { Skeleton, SkeletonItem, Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { toPage } from "@/components/addresses";
import { useMemo, useState, type ReactNode } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { remember, remembered } from "@/preferences/remembered";
import { t } from "@/strings/text";
import { BulkBar } from "./BulkBar";
import { Grid } from "./Grid";
import { isFiltered, type Column, type Filter, type RowAction, type Source, type View } from "./model";
import { Toolbar } from "./Toolbar";
import { useRows } from "./useRows";
import { useView } from "./useView";

const useStyles = makeStyles({
  place: {
    display: "flex",
    flexDirection: "column",
    flex: "1 1 auto",
    minHeight: "240px",
    borderRadius: "8px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    overflow: "hidden",
  },
  fitted: { flex: "0 1 auto", minHeight: 0, minWidth: 0 },
  message: { padding: "12px" },
  skeleton: { display: "flex", flexDirection: "column", gap: "12px", padding: "16px" },
  outdated: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "4px 12px",
    backgroundColor: tokens.colorNeutralBackground3,
    fontSize: tokens.fontSizeBase200,
  },
});

export interface DataTableProps<Row> {
  /** Under this name the browser remembers the columns and views that a person chose. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly source: Source<Row>;
  readonly filters?: readonly Filter[];
  readonly defaultSort: string;
  readonly rowId: (row: Row) => string;
  /** What a row is called: for screen readers and menus. */
  readonly rowName: (row: Row) => string;
  /** The page of a row. */
  readonly rowPage?: (row: Row) => string;
  readonly rowActions?: (row: Row) => readonly RowAction[];
  readonly bulkActions?: (rows: readonly Row[], done: () => void) => readonly RowAction[];
  /** What stands in the place of a list without rows. */
  readonly empty: ReactNode;
  /** The command line that lists the same. */
  readonly command: (view: View) => string;
  /** Whether it is a part of a page that takes no more room than its rows need, up to the most that there is. */
  readonly fitted?: boolean;
}

const NO_FILTERS: readonly Filter[] = [];

/** A list of any length: sorted, filtered and searched by its source, of which only visible rows are drawn. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, columns, source, filters = NO_FILTERS, defaultSort, rowId, rowPage, bulkActions, fitted = false } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const control = useView(filters, defaultSort);
  const { query, rows, outdated } = useRows(source, control.view);
  const [shownIds, setShownIds] = useShownColumns(name, columns);
  const [selectedIds, setSelectedIds] = useState<ReadonlySet<string>>(new Set());

  const shown = useMemo(() => columns.filter((column) => shownIds.includes(column.id)), [columns, shownIds]);
  const selected = useMemo(() => rows.filter((row) => selectedIds.has(rowId(row))), [rows, selectedIds, rowId]);
  const clearSelection = () => setSelectedIds(new Set());
  const open = rowPage && ((row: Row) => void navigate(toPage(rowPage(row))));

  return (
    <div className={mergeClasses(styles.place, fitted && styles.fitted)}>
      <Toolbar
        {...{ name, columns, source, filters, control }}
        shownIds={shownIds}
        onShownIds={setShownIds}
        command={props.command(control.view)}
      />
      {bulkActions !== undefined && selected.length > 0 && (
        <BulkBar count={selected.length} actions={bulkActions(selected, clearSelection)} onClear={clearSelection} />
      )}
      {outdated && (
        <div className={styles.outdated}>
          <span role="status">{t("table.outdated")}</span>
          <Button size="small" onClick={() => void query.refetch()}>
            {t("table.refresh")}
          </Button>
        </div>
      )}
      {query.error !== null && (
        <div className={styles.message}>
          <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />
        </div>
      )}
      {query.isPending && <Waiting />}
      {query.isSuccess && rows.length === 0 && (
        <Nothing view={control.view} onClear={() => control.replace({ ...control.view, search: "", filters: {} })} empty={props.empty} />
      )}
      {rows.length > 0 && (
        <Grid
          label={props.label}
          columns={shown}
          rows={rows}
          hasMore={query.hasNextPage}
          onNeedMore={() => {
            if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
          }}
          sort={control.view.sort}
          onSort={(sort) => control.change({ sort })}
          rowId={rowId}
          rowName={props.rowName}
          fitted={fitted}
          {...(rowPage === undefined || open === undefined ? {} : { rowPage, onOpen: open })}
          {...(props.rowActions === undefined ? {} : { rowActions: props.rowActions })}
          {...(bulkActions === undefined ? {} : { selectedIds, onSelect: setSelectedIds })}
        />
      )}
    </div>
  );
}

function useShownColumns<Row>(name: string, columns: readonly Column<Row>[]) {
  const key = `columns.${name}`;
  const usual = columns.filter((column) => column.optional !== true).map((column) => column.id);
  const [shown, setShown] = useState<readonly string[]>(() => remembered(key, usual));
  const change = (ids: readonly string[]) => {
    setShown(ids);
    remember(key, ids);
  };
  return [shown, change] as const;
}

function Waiting() {
  const styles = useStyles();
  return (
    <Skeleton className={styles.skeleton} aria-label={t("common.loading")}>
      {Array.from({ length: 8 }, (_, index) => (
        <SkeletonItem key={index} size={20} />
      ))}
    </Skeleton>
  );
}

function Nothing({ view, onClear, empty }: { readonly view: View; readonly onClear: () => void; readonly empty: ReactNode }) {
  if (!isFiltered(view)) return <>{empty}</>;
  return (
    <EmptyState title={t("table.noMatch")} text={t("table.noMatchText")}>
      <Button onClick={onClear}>{t("table.clearFilters")}</Button>
    </EmptyState>
  );
}
