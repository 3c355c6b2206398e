import { Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, makeStyles, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import type { RunRow } from "@/api/portal";
import { runPage, toPage } from "@/components/addresses";
import { StatusBadge } from "@/components/StatusBadge";
import { Duration, Elapsed, Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";

const useStyles = makeStyles({
  scroller: { overflowX: "auto" },
  link: { color: tokens.colorBrandForegroundLink },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  requested: { width: "150px" },
  status: { width: "130px" },
  time: { width: "100px" },
});

interface RunTableProps {
  readonly runs: readonly RunRow[];
  readonly label: string;
  /** Whether the runs are all of one flow, which needs no column. */
  readonly ofOneFlow?: boolean;
}

/** A few runs, as parts of other pages show them. */
export function RunTable({ runs, label, ofOneFlow = false }: RunTableProps) {
  const styles = useStyles();
  return (
    <div className={styles.scroller}>
      <Table size="small" aria-label={spoken(label)}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.requested}>{t("runs.requested")}</TableHeaderCell>
            {!ofOneFlow && <TableHeaderCell>{t("runs.flow")}</TableHeaderCell>}
            <TableHeaderCell className={styles.status}>{t("runs.status")}</TableHeaderCell>
            <TableHeaderCell className={styles.time}>{t("runs.runTime")}</TableHeaderCell>
            {ofOneFlow && <TableHeaderCell>{t("runs.machine")}</TableHeaderCell>}
          </TableRow>
        </TableHeader>
        <TableBody>
          {runs.map((run) => (
            <TableRow key={run.id}>
              <TableCell>
                <Link {...toPage(runPage(run))} className={styles.link}>
                  <Time at={run.requestedOn} />
                </Link>
              </TableCell>
              {!ofOneFlow && (
                <TableCell className={styles.name} title={spoken(run.flowName)}>
                  <UserText>{run.flowName}</UserText>
                </TableCell>
              )}
              <TableCell>
                <StatusBadge status={run.status} />
              </TableCell>
              <TableCell>
                {run.runMs !== null && run.completedOn !== null && <Duration ms={run.runMs} />}
                {run.startedOn !== null && run.completedOn === null && <Elapsed since={run.startedOn} />}
              </TableCell>
              {ofOneFlow && (
                <TableCell className={styles.name}>
                  <UserText>{run.machine ?? run.group}</UserText>
                </TableCell>
              )}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
