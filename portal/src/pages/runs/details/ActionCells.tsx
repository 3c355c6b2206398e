import { Button, mergeClasses } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { Link } from "@tanstack/react-router";
import type { ActionRow, LoopRounds } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { StatusBadge, type Status } from "@/components/StatusBadge";
import { UserText } from "@/components/UserText";
import { duration } from "@/format/duration";
import { count } from "@/format/quantity";
import { preciseTime } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";
import { useRowStyles } from "./rowStyles";
import type { Order } from "./useActionLog";

/** From how many times its usual length on an action is marked, and from how many milliseconds. */
const SLOW_TIMES = 2;
const SLOW_MS = 100;

/** How long actions took in the runs before. */
export interface Usual {
  readonly runs: number;
  readonly of: (row: ActionRow) => number | undefined;
}

/** The log that rows are of. */
export interface Log {
  readonly runId: string;
  readonly flowId: string | null;
  readonly flowChanged: boolean;
  readonly order: Order;
  readonly lastAction: number;
  readonly usual: Usual;
  /** Whether its rows stand by themselves, not below the loops and rounds that they ran in. */
  readonly isFlat: boolean;
}

interface CellsProps {
  readonly log: Log;
  readonly row: ActionRow;
  /** Whether the loop that begins here is open. */
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** The cells of a row of the log. */
export function Cells({ log, row, isOpen, onToggle }: CellsProps) {
  const styles = useRowStyles();
  const { zone } = usePreferences();
  if (row.kind === "omitted") {
    return (
      <span role="cell" className={styles.omitted}>
        {row.summary || t("actions.omitted")}
      </span>
    );
  }
  const { loop } = row;
  const took = loop === null ? (row.kind === "action" ? row.durationMs : null) : loop.durationMs;
  const usual = row.kind === "action" ? log.usual.of(row) : undefined;
  const isSlow = took !== null && usual !== undefined && took >= SLOW_MS && took > usual * SLOW_TIMES;
  return (
    <>
      <span role="cell" className={mergeClasses(styles.number, "wide")}>
        {row.startedAt === "" ? "" : preciseTime(new Date(row.startedAt), zone)}
      </span>
      <span role="cell" className={mergeClasses(styles.number, styles.right, isSlow && styles.slow)} title={isSlow ? t("actions.slow", { usual: duration(usual) }) : undefined}>
        {took === null ? "" : duration(took)}
        {isSlow && <span aria-label={t("actions.slow", { usual: duration(usual) })}> ▲</span>}
      </span>
      <span role="cell" className={mergeClasses(styles.number, styles.right, styles.quiet, "wide")}>
        {usual === undefined ? "" : usual < 1 ? t("actions.underOne") : duration(usual)}
      </span>
      <span role="cell" className="wide">
        <UserText>{row.subflow}</UserText>
      </span>
      <span role="cell" className={mergeClasses(styles.number, styles.right)}>
        {row.line > 0 && <LineLink log={log} row={row} />}
      </span>
      <span role="cell" className={styles.action}>
        {loop === null ? (
          <>
            {log.isFlat && <InRounds row={row} />}
            <UserText className={styles.name}>{row.action}</UserText> <UserText>{row.summary}</UserText>
          </>
        ) : (
          <Button
            size="small"
            appearance="transparent"
            className={styles.opens}
            aria-expanded={isOpen}
            aria-label={t("actions.loopSpoken", { loop: row.summary, rounds: rounds(loop), failed: loop.failed })}
            icon={isOpen ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
            onClick={onToggle}
          >
            <UserText>{row.summary}</UserText>
          </Button>
        )}
        {loop !== null && (
          <span aria-hidden className={styles.quiet}>
            {loopCounts(loop)}
          </span>
        )}
        {row.error !== null && (
          <p className={styles.error} dir="auto">
            {row.error}
          </p>
        )}
      </span>
      <span role="cell">{loop !== null ? <LoopStatus loop={loop} /> : row.kind === "action" ? <ActionStatus status={row.status} /> : row.level}</span>
    </>
  );
}

/** Which rounds of its loops a row ran in. */
function InRounds({ row }: { readonly row: ActionRow }) {
  const styles = useRowStyles();
  const numbers = row.inRounds.filter((number) => number > 0).map(count);
  return numbers.length === 0 ? null : <span className={styles.round}>{t("actions.round", { number: numbers.join(" › ") })}</span>;
}

/** A row's number, which leads to it in the designer. */
function LineLink({ log, row }: { readonly log: Log; readonly row: ActionRow }) {
  const styles = useRowStyles();
  if (log.flowId === null) return <>{row.line}</>;
  const where = { subflow: row.subflow, line: row.line };
  const address = `${addressOf.desktopDesigner(log.flowId)}?${new URLSearchParams({ subflow: row.subflow, row: String(row.line) })}`;
  const label = t(log.flowChanged ? "actions.openMoved" : "actions.openLine", where);
  return (
    <Link {...toPage(address)} className={styles.link} aria-label={label} title={label}>
      {row.line}
    </Link>
  );
}

function rounds(loop: LoopRounds): number {
  return loop.rounds ?? 0;
}

/** What became of a loop, behind its name: `×312 – 310 ✓ 2 ✖`. */
function loopCounts({ rounds, failed }: LoopRounds): string {
  if (rounds === null) return t(failed > 0 ? "actions.loopGoesOnFailed" : "actions.loopGoesOn", { failed });
  return t(failed > 0 ? "actions.loopFailed" : "actions.loop", { rounds: count(rounds), good: count(rounds - failed), failed: count(failed) });
}

function LoopStatus({ loop }: { readonly loop: LoopRounds }) {
  if (!loop.ended) return null;
  return <StatusBadge status={loop.failed > 0 ? "Warning" : "Succeeded"} />;
}

const STATUSES: Readonly<Record<string, Status>> = {
  Succeeded: "Succeeded",
  Failed: "Failed",
  Canceled: "Canceled",
  Cancelled: "Canceled",
  Skipped: "Skipped",
  Running: "Running",
};

function ActionStatus({ status }: { readonly status: string }) {
  if (status === "Handled") return <StatusBadge status="Warning" text={t("actions.handled")} />;
  const known = STATUSES[status];
  return known === undefined ? <>{status}</> : <StatusBadge status={known} />;
}
