import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ErrorMessage } from "@/components/ErrorMessage";
import { StatusBadge } from "@/components/StatusBadge";
import { Elapsed, Time } from "@/components/Time";
import { duration } from "@/format/duration";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { cancelRun, isUnderWay, lengthOf, resubmitRun, resumeRun, statusOf, type CloudRun } from "./runs";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "4px 12px",
    padding: "4px 16px",
    flexShrink: 0,
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  grow: { flex: "1 1 auto" },
  // However long it is, it leaves the canvas its room.
  error: { color: tokens.colorPaletteRedForeground1, overflowWrap: "anywhere", flex: "1 1 320px", maxHeight: "60px", overflow: "auto" },
});

interface RunBarProps {
  readonly run: CloudRun;
  readonly flowId: string;
  readonly onRun: (name: string | undefined) => void;
}

/** The run that the cards show: how it stands, and what can be done with it. */
export function RunBar({ run, flowId, onRun }: RunBarProps) {
  const styles = useStyles();
  const client = useQueryClient();
  const { status, startTime, error } = run.properties;
  const underWay = isUnderWay(run);
  const act = useMutation({
    mutationFn: async (does: () => Promise<unknown>) => does(),
    onSuccess: (name) => {
      void client.invalidateQueries({ queryKey: ["cloud runs", flowId] });
      void client.invalidateQueries({ queryKey: ["cloud run", flowId, run.name] });
      if (typeof name === "string") onRun(name);
    },
  });
  const length = lengthOf(run.properties);
  return (
    <section className={styles.bar} aria-label={t("cloud.runStarted")}>
      <span role="status">
        <StatusBadge status={statusOf(status)} />
      </span>
      <Time at={startTime} />
      {underWay ? <Elapsed since={startTime} /> : length !== undefined && <span>{duration(length)}</span>}
      {error !== undefined && <span className={styles.error} dir="auto">{visible(error.message)}</span>}
      <span className={styles.grow} />
      {act.error !== null && <ErrorMessage error={act.error} />}
      {underWay && (
        <Button size="small" disabledFocusable={act.isPending} onClick={() => act.mutate(() => cancelRun(flowId, run.name))}>
          {t("cloud.runCancel")}
        </Button>
      )}
      {!underWay && (
        <Button size="small" disabledFocusable={act.isPending} onClick={() => act.mutate(() => resubmitRun(flowId, run.properties.trigger.name, run.name))}>
          {t("cloud.resubmit")}
        </Button>
      )}
      {(status === "Failed" || status === "TimedOut") && (
        <Button size="small" disabledFocusable={act.isPending} onClick={() => act.mutate(() => resumeRun(flowId, run.name))}>
          {t("cloud.resume")}
        </Button>
      )}
      <Button size="small" appearance="subtle" onClick={() => onRun(undefined)}>
        {t("cloud.runClose")}
      </Button>
    </section>
  );
}
