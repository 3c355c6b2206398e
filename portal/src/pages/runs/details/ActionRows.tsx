import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ActionRow, LoopRounds } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ErrorMessage } from "@/components/ErrorMessage";
import { StatusBadge, type Status } from "@/components/StatusBadge";
import { duration } from "@/format/duration";
import { count } from "@/format/quantity";
import { preciseTime } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useActionLog, type Order } from "./useActionLog";

const ROW = 32;
const INSIDE = 200;
const COLUMNS = "104px 76px 76px minmax(64px, 110px) 48px minmax(0, 1fr) 120px";
const NARROW = "64px 48px minmax(0, 1fr) 110px";
/** From how many times its usual length on an action is marked, and from how many milliseconds. */
const SLOW_TIMES = 2;
const SLOW_MS = 100;

const useStyles = makeStyles({
  scroller: {
    height: "min(56vh, 560px)",
    overflow: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    outlineStyle: "none",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  row: {
    display: "grid",
    gridTemplateColumns: COLUMNS,
    columnGap: "12px",
    alignItems: "start",
    padding: "5px 12px",
    boxSizing: "border-box",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    "@media (max-width: 760px)": { gridTemplateColumns: NARROW, "& .wide": { display: "none" } },
  },
  top: { position: "sticky", top: 0, zIndex: 1 },
  head: {
    backgroundColor: tokens.colorNeutralBackground1,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
  },
  line: { position: "absolute", left: 0, right: 0 },
  failed: { backgroundColor: tokens.colorPaletteRedBackground1 },
  number: { fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground2 },
  slow: { color: tokens.colorPaletteDarkOrangeForeground1, fontWeight: tokens.fontWeightSemibold },
  right: { textAlign: "end" },
  link: { color: tokens.colorBrandForegroundLink },
  action: { minWidth: 0, overflowWrap: "anywhere" },
  name: { fontWeight: tokens.fontWeightSemibold, marginRight: "4px" },
  error: { margin: "2px 0 0", color: tokens.colorPaletteRedForeground1, whiteSpace: "pre-wrap" },
  omitted: { gridColumn: "1 / -1", color: tokens.colorNeutralForeground2, fontStyle: "italic" },
  loop: { padding: "0 4px", minWidth: 0, height: "auto", justifyContent: "start", textAlign: "start", fontWeight: tokens.fontWeightSemibold },
  inside: { borderLeft: `3px solid ${tokens.colorNeutralStroke1}`, marginLeft: "4px" },
  more: { padding: "4px 12px" },
});

/** How long actions took in the runs before. */
export interface Usual {
  readonly runs: number;
  readonly of: (row: ActionRow) => number | undefined;
}

/** Which loops somebody opened or closed; of the others those are open that go on. */
type Opened = ReadonlyMap<number, boolean>;

/** The log that rows are of. */
export interface Log {
  readonly runId: string;
  readonly flowId: string | null;
  readonly flowChanged: boolean;
  readonly order: Order;
  readonly lastAction: number;
  readonly usual: Usual;
}

interface RowsProps {
  readonly log: Log;
  readonly rows: readonly ActionRow[];
  readonly onEnd: () => void;
}

/** The rows of a log in their order; loops open where somebody looks into them. */
export function ActionRows({ log, rows, onEnd }: RowsProps) {
  const styles = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<Opened>(new Map());
  // The virtualizer keeps its own state; nothing below it is remembered between renders.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.index ?? index,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const atEnd = last >= rows.length - 1;
  useEffect(() => {
    if (atEnd && rows.length > 20) onEnd();
  }, [atEnd, rows.length, onEnd]);
  const toggle = (index: number, isOpen: boolean) => setOpened((before) => new Map(before).set(index, isOpen));
  return (
    <div ref={scroller} className={styles.scroller} role="table" aria-label={t("actions.title")} aria-rowcount={-1} tabIndex={0}>
      <div role="rowgroup" className={styles.top}>
        <Head usual={log.usual} />
      </div>
      <div role="rowgroup" style={{ position: "relative", height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div key={key} ref={virtual.measureElement} data-index={index} role="presentation" className={styles.line} style={{ transform: `translateY(${start}px)` }}>
              <Row log={log} row={row} opened={opened} onToggle={toggle} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({ usual }: { readonly usual: Usual }) {
  const styles = useStyles();
  return (
    <div role="row" className={mergeClasses(styles.row, styles.head)}>
      <span role="columnheader" className="wide">
        {t("actions.time")}
      </span>
      <span role="columnheader" className={styles.right}>
        {t("actions.duration")}
      </span>
      <span role="columnheader" className={mergeClasses(styles.right, "wide")} title={usual.runs === 0 ? t("actions.usualUnknown") : t("actions.usualOf", { runs: usual.runs })}>
        {t("actions.usual")}
      </span>
      <span role="columnheader" className="wide">
        {t("actions.subflow")}
      </span>
      <span role="columnheader" className={styles.right}>
        {t("actions.line")}
      </span>
      <span role="columnheader">{t("actions.action")}</span>
      <span role="columnheader">{t("runs.status")}</span>
    </div>
  );
}

interface RowProps {
  readonly log: Log;
  readonly row: ActionRow;
  readonly opened: Opened;
  readonly onToggle: (index: number, isOpen: boolean) => void;
}

/** A row, and below it what is inside it if it is a loop that is open. */
function Row({ log, row, opened, onToggle }: RowProps) {
  const styles = useStyles();
  const isOpen = row.loop !== null && (opened.get(row.index) ?? !row.loop.ended);
  return (
    <>
      <div role="row" className={mergeClasses(styles.row, row.error !== null && styles.failed)}>
        <Cells log={log} row={row} isOpen={isOpen} onToggle={() => onToggle(row.index, !isOpen)} />
      </div>
      {isOpen && (
        <div role="presentation" className={styles.inside}>
          <Inside log={log} loop={row.index} opened={opened} onToggle={onToggle} />
        </div>
      )}
    </>
  );
}

interface InsideProps {
  readonly log: Log;
  readonly loop: number;
  readonly opened: Opened;
  readonly onToggle: (index: number, isOpen: boolean) => void;
}

/** The rows directly inside a loop, some at a time. */
function Inside({ log, loop, opened, onToggle }: InsideProps) {
  const styles = useStyles();
  const part = useMemo(() => ({ loop }), [loop]);
  const inner = useActionLog({ ...log, part, pageSize: INSIDE });
  const { rows, hasOlder, hasNewer } = inner.range;
  const isNewest = log.order === "newest";
  const hasMore = isNewest ? hasOlder : hasNewer;
  return (
    <>
      {(isNewest ? rows.toReversed() : rows).map((row) => (
        <Row key={row.index} log={log} row={row} opened={opened} onToggle={onToggle} />
      ))}
      {(inner.isLoading || hasMore || inner.error !== undefined) && (
        <div role="row" className={styles.more}>
          <span role="cell">
            {inner.error !== undefined && <ErrorMessage error={inner.error} onRetry={inner.retry} />}
            {inner.isLoading && inner.error === undefined && t("common.loading")}
            {hasMore && (
              <Button size="small" onClick={isNewest ? inner.loadOlder : inner.loadNewer}>
                {t("actions.more", { count: INSIDE })}
              </Button>
            )}
          </span>
        </div>
      )}
      {!inner.isLoading && rows.length === 0 && (
        <div role="row" className={mergeClasses(styles.more, styles.quiet)}>
          <span role="cell">{t("actions.loopEmpty")}</span>
        </div>
      )}
    </>
  );
}

interface CellsProps {
  readonly log: Log;
  readonly row: ActionRow;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Cells({ log, row, isOpen, onToggle }: CellsProps) {
  const styles = useStyles();
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
            <UserText className={styles.name}>{row.action}</UserText> <UserText>{row.summary}</UserText>
          </>
        ) : (
          <Button
            size="small"
            appearance="transparent"
            className={styles.loop}
            aria-expanded={isOpen}
            aria-label={t("actions.loopSpoken", { loop: row.summary, rounds: rounds(loop), failed: loop.failed })}
            icon={isOpen ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
            onClick={onToggle}
          >
            <UserText>{loopText(row.summary, loop)}</UserText>
          </Button>
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

/** A row's number, which leads to it in the designer. */
function LineLink({ log, row }: { readonly log: Log; readonly row: ActionRow }) {
  const styles = useStyles();
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

/** A loop in a line: `For each Item ×312 – 310 ✓ 2 ✖`. */
function loopText(summary: string, loop: LoopRounds): string {
  if (loop.rounds === null) return t(loop.failed > 0 ? "actions.loopGoesOnFailed" : "actions.loopGoesOn", { loop: summary, failed: loop.failed });
  const values = { loop: summary, rounds: count(loop.rounds), good: count(loop.rounds - loop.failed), failed: count(loop.failed) };
  return t(loop.failed > 0 ? "actions.loopFailed" : "actions.loop", values);
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
