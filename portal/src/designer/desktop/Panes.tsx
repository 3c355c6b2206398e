import { Button, Tab, TabList, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronDown20Regular, ChevronUp20Regular } from "@fluentui/react-icons";
import { useId } from "react";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";
import { BOTTOM_PANES, SIDE_PANES } from "./paneRegistry";

const useStyles = makeStyles({
  side: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0 },
  tabs: { flexShrink: 0, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  sideBody: { flex: "1 1 auto", minHeight: 0 },
  bottom: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0, backgroundColor: tokens.colorNeutralBackground1, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  bottomHead: { display: "flex", alignItems: "center", justifyContent: "space-between", flexShrink: 0, paddingRight: "8px" },
  bottomBody: { flex: "1 1 auto", minHeight: 0, overflow: "auto", padding: "4px 8px 8px" },
});

/** The panes at the right, one in front. */
export function SidePanes() {
  const styles = useStyles();
  const { look } = useDesigner();
  const id = useId();
  const shown = SIDE_PANES.find((one) => one.id === look.side) ?? SIDE_PANES[0];
  return (
    <div className={styles.side}>
      <TabList size="small" className={styles.tabs} aria-label={t("desktop.sidePanes")} selectedValue={shown?.id} onTabSelect={(_, data) => look.openSide(String(data.value))}>
        {SIDE_PANES.map((one) => (
          <Tab key={one.id} id={`${id}-${one.id}`} value={one.id} icon={one.icon} aria-label={t(one.title)} title={t(one.title)} aria-controls={`${id}-pane`} />
        ))}
      </TabList>
      <div id={`${id}-pane`} role="tabpanel" aria-labelledby={`${id}-${shown?.id}`} className={styles.sideBody}>
        {shown !== undefined && <shown.Body />}
      </div>
    </div>
  );
}

/** The panes below: what is wrong, what was found, what the run does. */
export function BottomPanes() {
  const styles = useStyles();
  const { look } = useDesigner();
  const shown = BOTTOM_PANES.find((one) => one.id === look.bottom) ?? BOTTOM_PANES[0];
  return (
    <section className={styles.bottom} data-pane="bottom" aria-label={t("desktop.problems")}>
      <div className={styles.bottomHead}>
        <TabList size="small" selectedValue={shown?.id} onTabSelect={(_, data) => look.openBottom(String(data.value))}>
          {BOTTOM_PANES.map((one) => (
            <Tab key={one.id} value={one.id}>
              <one.Title />
            </Tab>
          ))}
        </TabList>
        <Tooltip content={t(look.isBottomFolded ? "desktop.unfoldBottom" : "desktop.foldBottom")} relationship="label">
          <Button
            size="small"
            appearance="subtle"
            icon={look.isBottomFolded ? <ChevronUp20Regular /> : <ChevronDown20Regular />}
            aria-expanded={!look.isBottomFolded}
            onClick={() => look.foldBottom(!look.isBottomFolded)}
          />
        </Tooltip>
      </div>
      {!look.isBottomFolded && (
        <div className={styles.bottomBody} data-pane={shown?.id}>
          {shown !== undefined && <shown.Body />}
        </div>
      )}
    </section>
  );
}
