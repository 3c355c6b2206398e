import { Button, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { DismissCircle20Filled, Warning20Filled } from "@fluentui/react-icons";
import type { Fault } from "@/api/portal";
import { cardId } from "@/designer/model/cloud/layout";
import { shownName } from "@/designer/model/cloud/making";
import { stepNames, triggerOf } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { focusCard } from "./canvasKeys";
import { useDesigner } from "./context";

const useStyles = makeStyles({
  pane: { padding: "12px 16px", display: "flex", flexDirection: "column", gap: "12px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "12px" },
  kind: { display: "flex", alignItems: "center", gap: "6px", fontWeight: tokens.fontWeightSemibold },
  error: { color: tokens.colorPaletteRedForeground1 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  message: { margin: "2px 0", overflowWrap: "anywhere" },
  go: { marginLeft: "-8px" },
});

/** *Flow checker*: what keeps the flow from being switched on, and what deserves a look. */
export function CheckerPane({ faults }: { readonly faults: readonly Fault[] | undefined }) {
  const styles = useStyles();
  const { definition, select } = useDesigner();
  const names = stepNames(definition);
  const target = (name: string) => (triggerOf(definition)?.name === name ? "trigger" : names.has(name) ? cardId(name) : undefined);
  const go = (id: string) => {
    select(id);
    requestAnimationFrame(() => focusCard(id));
  };
  return (
    <div className={styles.pane}>
      <h2 className={styles.title}>{t("cloud.checker")}</h2>
      {faults === undefined && <Spinner size="tiny" />}
      {faults?.length === 0 && <p className={styles.message}>{t("cloud.checkerFine")}</p>}
      <ul className={styles.list}>
        {(faults ?? []).map((fault, index) => {
          const id = target(fault.name);
          return (
            <li key={index}>
              <span className={styles.kind}>
                {fault.fatal ? <DismissCircle20Filled className={styles.error} /> : <Warning20Filled className={styles.warning} />}
                {t(fault.fatal ? "cloud.error" : "cloud.warning")}
              </span>
              <p className={styles.message} dir="auto">
                {visible(fault.message)}
              </p>
              {id !== undefined && (
                <Button className={styles.go} appearance="subtle" size="small" onClick={() => go(id)}>
                  {t("cloud.goTo", { name: shownName(fault.name) })}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
