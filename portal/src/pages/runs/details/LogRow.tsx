import { Button, Switch, mergeClasses } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { useMemo, useState, type ReactNode } from "react";
import type { ActionRow, LoopRound } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { StatusBadge } from "@/components/StatusBadge";
import { count } from "@/format/quantity";
import { preciseTime } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";
import { Cells, type Log } from "./ActionCells";
import { opensByItself } from "./actionLog";
import { useRowStyles } from "./rowStyles";
import { useActionLog, useLoopRounds, type LogReader } from "./useActionLog";

const AT_A_TIME = 200;
/** In how many rounds those with a problem are found without looking for them. */
const SEEN_AT_ONCE = 8;

/** Which loops and rounds somebody opened or closed, by their keys; the others show what matters by themselves. */
export interface Unfolding {
  readonly opened: ReadonlyMap<string, boolean>;
  readonly toggle: (key: string, isOpen: boolean) => void;
}

interface RowProps {
  readonly log: Log;
  readonly row: ActionRow;
  readonly unfolding: Unfolding;
}

/** A row, and below it the rounds of the loop that begins there if that is open. */
export function LogRow({ log, row, unfolding }: RowProps) {
  const styles = useRowStyles();
  const key = String(row.index);
  const isOpen = row.loop !== null && (unfolding.opened.get(key) ?? opensByItself(row.loop));
  return (
    <>
      <div role="row" className={mergeClasses(styles.row, row.error !== null && styles.failed)}>
        <Cells log={log} row={row} isOpen={isOpen} onToggle={() => unfolding.toggle(key, !isOpen)} />
      </div>
      {isOpen && (
        <div role="presentation" className={styles.inside}>
          <Rounds log={log} row={row} unfolding={unfolding} />
        </div>
      )}
    </>
  );
}

/** The rounds of a loop, some at a time. */
function Rounds({ log, row, unfolding }: RowProps) {
  const styles = useRowStyles();
  const [onlyFailed, setOnlyFailed] = useState(false);
  const reader = useLoopRounds({ ...log, loop: row.index, onlyFailed, pageSize: AT_A_TIME });
  const { rows, hasNewer } = reader.range;
  const failed = row.loop?.failed ?? 0;
  const hidesFailed = failed > 0 && failed !== row.loop?.rounds && (onlyFailed || rows.length > SEEN_AT_ONCE);
  const last = hasNewer ? undefined : rows.at(-1);
  const showsLast = row.loop !== null && (opensByItself(row.loop) || row.loop.rounds === 1);
  const names = rows.some((round) => round.number > 0);
  return (
    <>
      {hidesFailed && names && (
        <div role="row" className={styles.more}>
          <span role="cell">
            <Switch checked={onlyFailed} label={t("actions.onlyFailedRounds")} onChange={(_, data) => setOnlyFailed(data.checked)} />
          </span>
        </div>
      )}
      <Part log={log} reader={reader}>
        {(round) =>
          round.number === 0 ? (
            <InRound key={round.index} log={log} loop={row.index} round={0} unfolding={unfolding} />
          ) : (
            <RoundRow key={round.index} log={log} loop={row.index} round={round} isOpen={showsLast && round === last} unfolding={unfolding} />
          )
        }
      </Part>
    </>
  );
}

interface RoundProps {
  readonly log: Log;
  readonly loop: number;
  readonly round: LoopRound;
  /** Whether it is open unless somebody closed it. */
  readonly isOpen: boolean;
  readonly unfolding: Unfolding;
}

/** A round in a line, `Round 3`, and below it its rows if it is open. */
function RoundRow({ log, loop, round, isOpen: opensFirst, unfolding }: RoundProps) {
  const styles = useRowStyles();
  const { zone } = usePreferences();
  const key = `${loop} ${round.number}`;
  const isOpen = unfolding.opened.get(key) ?? opensFirst;
  const name = t("actions.round", { number: count(round.number) });
  const { rows, loops, failed } = round;
  return (
    <>
      <div role="row" className={styles.row}>
        <span role="cell" className={mergeClasses(styles.number, "wide")}>
          {round.startedAt === "" ? "" : preciseTime(new Date(round.startedAt), zone)}
        </span>
        <span role="cell" />
        <span role="cell" className="wide" />
        <span role="cell" className="wide" />
        <span role="cell" />
        <span role="cell" className={styles.action}>
          <Button
            size="small"
            appearance="transparent"
            className={styles.opens}
            aria-expanded={isOpen}
            icon={isOpen ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
            onClick={() => unfolding.toggle(key, !isOpen)}
          >
            {name}
          </Button>
          <span className={styles.quiet}> {t("actions.roundHas", { rows, loops, failed })}</span>
        </span>
        <span role="cell">{failed > 0 && <StatusBadge status="Warning" />}</span>
      </div>
      {isOpen && (
        <div role="presentation" className={styles.inside}>
          <InRound log={log} loop={loop} round={round.number} unfolding={unfolding} />
        </div>
      )}
    </>
  );
}

interface InRoundProps {
  readonly log: Log;
  readonly loop: number;
  readonly round: number;
  readonly unfolding: Unfolding;
}

/** The rows directly in a round, some at a time. */
function InRound({ log, loop, round, unfolding }: InRoundProps) {
  const part = useMemo(() => ({ loop, inRound: round }), [loop, round]);
  const reader = useActionLog({ ...log, part, pageSize: AT_A_TIME });
  return (
    <Part log={log} reader={reader}>
      {(row) => <LogRow key={row.index} log={log} row={row} unfolding={unfolding} />}
    </Part>
  );
}

interface PartProps<T> {
  readonly log: Log;
  readonly reader: LogReader<T>;
  readonly children: (item: T) => ReactNode;
}

/** What is read of the inside of a loop, in the order of the log, and what brings more of it. */
function Part<T>({ log, reader, children }: PartProps<T>) {
  const styles = useRowStyles();
  const { rows, hasOlder, hasNewer } = reader.range;
  const isNewest = log.order === "newest";
  const hasMore = isNewest ? hasOlder : hasNewer;
  return (
    <>
      {(isNewest ? rows.toReversed() : rows).map(children)}
      {(reader.isLoading || hasMore || reader.error !== undefined) && (
        <div role="row" className={styles.more}>
          <span role="cell">
            {reader.error !== undefined && <ErrorMessage error={reader.error} onRetry={reader.retry} />}
            {reader.isLoading && reader.error === undefined && t("common.loading")}
            {hasMore && (
              <Button size="small" onClick={isNewest ? reader.loadOlder : reader.loadNewer}>
                {t("actions.more", { count: AT_A_TIME })}
              </Button>
            )}
          </span>
        </div>
      )}
      {!reader.isLoading && rows.length === 0 && (
        <div role="row" className={mergeClasses(styles.more, styles.quiet)}>
          <span role="cell">{t("actions.loopEmpty")}</span>
        </div>
      )}
    </>
  );
}
