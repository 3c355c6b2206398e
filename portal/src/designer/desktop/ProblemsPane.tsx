import { Button } from "@fluentui/react-components";
import { CheckmarkCircle20Filled, ErrorCircle20Filled, Warning20Filled } from "@fluentui/react-icons";
import type { RowFinding } from "@/api/portal";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { useDesigner } from "./designer";
import { useListStyles } from "./listStyles";

/** More than anybody reads at once; the rest is told of by its number. */
const MOST = 200;

/** How many errors and warnings there are. */
export function ProblemsTitle() {
  const { state, errors } = useDesigner();
  const warnings = state.findings.length - errors;
  return [t("desktop.errors", { count: errors }), warnings > 0 && t("desktop.warnings", { count: warnings })].filter(Boolean).join(" · ");
}

/** What the checker found. */
export function ProblemsPane() {
  const styles = useListStyles();
  const { state, isChecked, look } = useDesigner();
  if (state.findings.length === 0) {
    return (
      <p className={styles.quiet} role="status">
        {isChecked ? <CheckmarkCircle20Filled className={styles.good} /> : null}
        {t(isChecked ? "desktop.noProblems" : "desktop.checking")}
      </p>
    );
  }
  return (
    <>
      <ul className={styles.list} aria-label={t("desktop.problems")}>
        {state.findings.slice(0, MOST).map((one, at) => (
          <li key={at} className={styles.item}>
            {one.severity === "error" ? <ErrorCircle20Filled className={styles.error} aria-label="error" /> : <Warning20Filled className={styles.warning} aria-label="warning" />}
            <Button size="small" appearance="subtle" className={styles.place} onClick={() => look.go(one.subflow || "Main", Math.max(0, one.row))} aria-label={t("desktop.goTo", { place: placeOf(one) })}>
              {placeOf(one)}
            </Button>
            <span className={styles.text} dir="auto">
              {visible(one.message)} <span className={styles.code}>{one.code}</span>
            </span>
          </li>
        ))}
      </ul>
      {state.findings.length > MOST && <p className={styles.quiet}>{t("desktop.moreProblems", { count: state.findings.length - MOST })}</p>}
    </>
  );
}

function placeOf({ subflow, row, line }: RowFinding): string {
  return row >= 0 && subflow !== "" ? t("desktop.place", { subflow, number: row + 1 }) : t("desktop.line", { number: line });
}
