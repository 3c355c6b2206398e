import { Button, Link, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, ErrorCircle16Filled } from "@fluentui/react-icons";
import { addressOf } from "@/components/addresses";
import { StatusBadge } from "@/components/StatusBadge";
import { duration } from "@/format/duration";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { doing } from "./debugText";
import { useDesigner } from "./designer";

const useStyles = makeStyles({
  quiet: { margin: "4px", color: tokens.colorNeutralForeground2 },
  head: { display: "flex", alignItems: "center", gap: "12px", padding: "4px", flexWrap: "wrap" },
  ended: { display: "inline-flex", alignItems: "center", gap: "12px", flexWrap: "wrap", ":empty": { display: "none" } },
  error: { color: tokens.colorPaletteRedForeground1, overflowWrap: "anywhere" },
  good: { color: tokens.colorPaletteGreenForeground1, flexShrink: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none" },
  item: { display: "flex", alignItems: "center", gap: "8px", padding: "1px 4px", fontSize: tokens.fontSizeBase200 },
  place: { minWidth: "96px", justifyContent: "flex-start", flexShrink: 0 },
  text: { flex: "1 1 auto", minWidth: 0, overflowWrap: "anywhere" },
  time: { flexShrink: 0, color: tokens.colorNeutralForeground2, fontVariantNumeric: "tabular-nums" },
  values: { margin: "0 4px", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
});

/** What the run did, the newest action first. */
export function RunPane() {
  const styles = useStyles();
  const { debugging, look } = useDesigner();
  const { run } = debugging;
  const { details } = run;
  if (details === undefined) return <p className={styles.quiet}>{t(run.isOpen ? "common.loading" : "desktop.noRun")}</p>;
  const now = doing(debugging);
  const count = run.actions.filter((one) => one.kind === "action").length;
  return (
    <>
      <div className={styles.head}>
        {now !== undefined && <StatusBadge {...now} />}
        <span role="status" className={styles.ended}>
          {now === undefined && <StatusBadge status={details.run.status} />}
          {details.error !== null && <span className={styles.error} dir="auto">{visible(details.error.message ?? "")}</span>}
        </span>
        {details.run.runMs !== null && <span>{t("desktop.runStatus", { actions: count, time: duration(details.run.runMs) })}</span>}
        <Link href={addressOf.desktopRun(details.run.id)} target="_blank">
          {t("desktop.runDetails")}
        </Link>
      </div>
      {details.outputs?.map((one) => (
        <p key={one.name} className={styles.values}>
          {one.name} = <UserText>{one.sensitive ? "•••••" : JSON.stringify(one.value)}</UserText>
        </p>
      ))}
      <ul className={styles.list} aria-label={t("desktop.output_")}>
        {run.actions.toReversed().map((one) => (
          <li key={one.index} className={styles.item}>
            {one.error === null ? <CheckmarkCircle16Filled className={styles.good} aria-hidden /> : <ErrorCircle16Filled className={styles.error} aria-label="failed" />}
            <Button size="small" appearance="subtle" className={styles.place} onClick={() => look.go(one.subflow, one.line - 1)}>
              {t("desktop.place", { subflow: one.subflow, number: one.line })}
            </Button>
            <span className={styles.text} dir="auto">
              {visible([one.summary || one.action, one.error].filter(Boolean).join(" "))}
            </span>
            <span className={styles.time}>{duration(one.durationMs)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
