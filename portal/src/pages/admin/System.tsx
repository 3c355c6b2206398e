import { Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Facts } from "@/components/Facts";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusBadge";
import { ExactTime } from "@/components/Time";
import { count, size } from "@/format/quantity";
import { t, type TextKey } from "@/strings/text";
import { spoken } from "@/strings/visible";

const useStyles = makeStyles({
  panels: {
    display: "grid",
    gap: "12px",
    gridTemplateColumns: "repeat(auto-fit, minmax(320px, 1fr))",
    alignItems: "start",
    overflowY: "auto",
  },
  count: { textAlign: "end", fontVariantNumeric: "tabular-nums", "& > *": { justifyContent: "flex-end" } },
});

const TABLES: Readonly<Record<string, TextKey>> = {
  workflow: "system.rows.workflow",
  flowsession: "system.rows.flowsession",
  flowlog: "system.rows.flowlog",
  flowrun: "system.rows.flowrun",
  flowrunaction: "system.rows.flowrunaction",
  flowmachine: "system.rows.flowmachine",
  filecontent: "system.rows.filecontent",
  callback: "system.rows.callback",
};

function tableText(table: string): string {
  const known = TABLES[table];
  return known === undefined ? table : t(known);
}

/** What the installation is, and how it is. */
export function System() {
  const styles = useStyles();
  const query = useQuery({ ...endpointQuery("GET /system"), refetchInterval: 30_000 });
  if (query.error !== null) return <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <PageLoading />;
  const system = query.data;
  const isCurrent = system.revision === system.newestRevision;
  return (
    <div className={styles.panels} role="group" aria-label={t("admin.tab.system")} tabIndex={0}>
      <Panel title={t("system.health")}>
        <Facts
          facts={[
            [t("system.version"), system.version],
            [t("system.started"), <ExactTime key="started" at={system.startedOn} />],
            [t("system.address"), system.address],
            [t("system.data"), system.data],
            [t("system.python"), system.python],
            [t("system.os"), system.system],
          ]}
        />
      </Panel>
      <Panel title={t("system.database")}>
        <Facts
          facts={[
            [t("system.kind"), t(system.database === "sqlite" ? "system.sqlite" : "system.postgresql")],
            [
              t("system.revision"),
              <StatusBadge
                key="revision"
                status={isCurrent ? "Connected" : "Warning"}
                text={isCurrent ? t("system.revisionCurrent", { revision: system.revision }) : t("system.revisionOld", { revision: system.revision, newest: system.newestRevision })}
              />,
            ],
            [t("system.size"), system.databaseBytes !== null && size(system.databaseBytes)],
          ]}
        />
      </Panel>
      <Panel title={t("system.rows")}>
        <Table size="small" aria-label={t("system.rows")}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t("system.table")}</TableHeaderCell>
              <TableHeaderCell className={styles.count}>{t("system.rows")}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {Object.entries(system.rows).map(([table, rows]) => (
              <TableRow key={table}>
                <TableCell title={spoken(table)}>{tableText(table)}</TableCell>
                <TableCell className={styles.count} title={spoken(String(rows))}>{count(rows)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Panel>
    </div>
  );
}
