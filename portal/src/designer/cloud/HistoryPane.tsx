import { Button, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { StatusBadge } from "@/components/StatusBadge";
import { Time } from "@/components/Time";
import { duration } from "@/format/duration";
import { t } from "@/strings/text";
import { useDesigner } from "./context";
import { lengthOf, runsQuery, statusOf } from "./runs";

const useStyles = makeStyles({
  pane: { padding: "12px 16px" },
  title: { margin: "0 0 8px", fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "4px" },
  run: { width: "100%", justifyContent: "flex-start", gap: "12px", fontWeight: tokens.fontWeightRegular },
  length: { marginLeft: "auto", color: tokens.colorNeutralForeground2 },
});

interface HistoryPaneProps {
  readonly shown: string | undefined;
  readonly onRun: (name: string) => void;
}

/** The flow's runs, the newest first; one that is chosen is shown on the cards. */
export function HistoryPane({ shown, onRun }: HistoryPaneProps) {
  const styles = useStyles();
  const { flowId } = useDesigner();
  const { data, error } = useQuery(runsQuery(flowId));
  return (
    <div className={styles.pane}>
      <h2 className={styles.title}>{t("cloud.history")}</h2>
      {error !== null && <ErrorMessage error={error} />}
      {data === undefined && error === null && <Spinner size="tiny" />}
      {data?.value.length === 0 && <EmptyState title={t("cloud.historyEmpty")} text={t("cloud.historyEmptyText")} />}
      <ul className={styles.list}>
        {(data?.value ?? []).map((run) => {
          const length = lengthOf(run.properties);
          return (
            <li key={run.name}>
              <Button className={styles.run} appearance={run.name === shown ? "secondary" : "subtle"} aria-pressed={run.name === shown} onClick={() => onRun(run.name)}>
                <StatusBadge status={statusOf(run.properties.status)} />
                <Time at={run.properties.startTime} />
                {length !== undefined && <span className={styles.length}>{duration(length)}</span>}
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
