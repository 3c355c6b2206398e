import { Button, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { DayOfRuns } from "@/api/portal";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { lastDays } from "./days";

const HEIGHT = 96;

const useStyles = makeStyles({
  chart: { display: "flex", alignItems: "flex-end", gap: "3px", height: `${HEIGHT}px`, margin: 0, padding: 0, listStyleType: "none" },
  day: {
    flex: "1 1 0",
    minWidth: "4px",
    height: "100%",
    display: "flex",
    flexDirection: "column",
    justifyContent: "flex-end",
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  part: { "@media (forced-colors: active)": { border: "1px solid" } },
  succeeded: { backgroundColor: tokens.colorPaletteGreenBackground3 },
  failed: { backgroundColor: tokens.colorPaletteRedBackground3 },
  other: { backgroundColor: tokens.colorNeutralStroke1 },
  legend: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 16px", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  key: { display: "inline-block", width: "10px", height: "10px", borderRadius: "2px", marginRight: "6px", "@media (forced-colors: active)": { border: "1px solid" } },
  toggle: { marginLeft: "auto" },
});

/** Runs by day for four weeks, as a chart and as a table. */
export function DayChart({ days, now }: { readonly days: readonly DayOfRuns[]; readonly now: Date }) {
  const styles = useStyles();
  const [asTable, setAsTable] = useState(false);
  const shown = lastDays(days, now);
  const most = Math.max(1, ...shown.map((day) => day.succeeded + day.failed + day.other));
  const say = (day: DayOfRuns) => t("flows.chartDay", { ...day });
  return (
    <>
      {asTable ? (
        <Table size="extra-small" aria-label={t("flows.chart")}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t("flows.day")}</TableHeaderCell>
              <TableHeaderCell>{t("flows.succeeded")}</TableHeaderCell>
              <TableHeaderCell>{t("flows.failed")}</TableHeaderCell>
              <TableHeaderCell>{t("flows.other")}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {days.map((day) => (
              <TableRow key={day.day}>
                <TableCell>{day.day}</TableCell>
                <TableCell>{day.succeeded}</TableCell>
                <TableCell>{day.failed}</TableCell>
                <TableCell>{day.other}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      ) : (
        <ol className={styles.chart} aria-label={t("flows.chart")}>
          {shown.map((day) => (
            <li key={day.day} className={styles.day} title={spoken(say(day))} aria-label={spoken(say(day))}>
              {(["other", "failed", "succeeded"] as const).map((kind) => (
                <span key={kind} className={`${styles.part} ${styles[kind]}`} style={{ height: `${(day[kind] / most) * 100}%` }} />
              ))}
            </li>
          ))}
        </ol>
      )}
      <div className={styles.legend}>
        {(["succeeded", "failed", "other"] as const).map((kind) => (
          <span key={kind}>
            <span className={`${styles.key} ${styles[kind]}`} aria-hidden />
            {t(`flows.${kind}`)}
          </span>
        ))}
        <Button size="small" appearance="transparent" className={styles.toggle} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? "flows.chartPicture" : "flows.chartTable")}
        </Button>
      </div>
    </>
  );
}
