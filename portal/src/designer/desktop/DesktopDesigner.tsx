import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ChevronLeft20Regular } from "@fluentui/react-icons";
import { useEffect, useRef, type KeyboardEvent } from "react";
import type { RowForm } from "@/api/portal";
import { friendly } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { ActionPanel } from "./ActionPanel";
import { ActionsPane } from "./ActionsPane";
import { doing } from "./debugText";
import { DesignerContext, useDesigner, type Designer } from "./designer";
import { ROWS_ONLY } from "./designerCommands";
import { Layers } from "./Layers";
import { Messages } from "./Messages";
import { BottomPanes, SidePanes } from "./Panes";
import { RunDelay } from "./RunDelay";
import { SubflowTabs } from "./SubflowTabs";
import { Toolbar } from "./Toolbar";
import { useDesktopDesigner, type Opened } from "./useDesktopDesigner";
import { useKeys } from "./useKeys";
import { useShortcutsOf } from "./useShortcutsOf";
import { Views } from "./Views";

const MEDIUM = "@media (max-width: 1100px)";
const SMALL = "@media (max-width: 760px)";
/** Over what stands beside it. */
const DRAWN = { display: "block", position: "absolute", top: 0, bottom: 0, zIndex: 2, backgroundColor: tokens.colorNeutralBackground2, boxShadow: tokens.shadow28 } as const;

const useStyles = makeStyles({
  designer: { height: "100%", display: "grid", gridTemplateRows: "auto auto auto minmax(0, 1fr) auto auto", gridTemplateColumns: "minmax(0, 1fr)", backgroundColor: tokens.colorNeutralBackground2, minHeight: 0 },
  head: { display: "flex", alignItems: "center", gap: "8px", padding: "4px 12px 0 4px", minHeight: "40px", flexWrap: "wrap" },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  panes: { position: "relative", display: "grid", minHeight: 0, gridTemplateRows: "minmax(0, 1fr)", gridTemplateColumns: "260px minmax(0, 1fr) 280px", [MEDIUM]: { gridTemplateColumns: "200px minmax(0, 1fr) 220px" }, [SMALL]: { gridTemplateColumns: "minmax(0, 1fr)" } },
  withPanel: { gridTemplateColumns: "260px minmax(0, 1fr) 380px", [MEDIUM]: { gridTemplateColumns: "minmax(0, 1fr) 340px" }, [SMALL]: { gridTemplateColumns: "minmax(0, 1fr)" } },
  textOnly: { gridTemplateColumns: "minmax(0, 1fr) 280px", [MEDIUM]: { gridTemplateColumns: "minmax(0, 1fr) 220px" }, [SMALL]: { gridTemplateColumns: "minmax(0, 1fr)" } },
  left: { minHeight: 0, borderRight: `1px solid ${tokens.colorNeutralStroke2}`, [SMALL]: { display: "none" } },
  leftWithPanel: { [MEDIUM]: { display: "none" } },
  leftDrawn: { [SMALL]: { ...DRAWN, left: 0, width: "min(320px, 100%)" } },
  leftDrawnBesidePanel: { [MEDIUM]: { ...DRAWN, left: 0, width: "min(320px, 100%)" } },
  side: { minHeight: 0, borderLeft: `1px solid ${tokens.colorNeutralStroke2}`, [SMALL]: { display: "none" } },
  sideDrawn: { [SMALL]: { ...DRAWN, right: 0, width: "min(320px, 100%)" } },
  panel: { [SMALL]: { ...DRAWN, right: 0, width: "min(420px, 100%)" } },
  middle: { display: "flex", flexDirection: "column", minWidth: 0, minHeight: 0 },
  bottom: { height: "180px", minHeight: 0, "@media (max-height: 800px)": { height: "140px" } },
  bottomFolded: { height: "auto", "@media (max-height: 800px)": { height: "auto" } },
  paused: { color: tokens.colorPaletteDarkOrangeForeground1 },
  status: { display: "flex", alignItems: "center", gap: "16px", "& > span:empty": { display: "none" }, padding: "2px 12px", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
});

/** The designer of a desktop flow: cards and text are two views of one document. */
export function DesktopDesigner(props: Opened) {
  const styles = useStyles();
  const designer = useDesktopDesigner(props);
  const { name } = designer.saving.server;
  useKeys(
    designer.commands.filter((one) => !ROWS_ONLY.has(one.id)),
    designer.look.layer === undefined,
  );
  useEffect(() => {
    document.title = `${visible(name)} · ${t("product")}`;
  }, [name]);
  useBeginning(designer, props.at);
  useShortcutsOf(designer);
  return (
    <DesignerContext value={designer}>
      <div className={styles.designer}>
        <Head />
        <Toolbar />
        <Messages />
        <Middle />
        <div className={mergeClasses(styles.bottom, designer.look.isBottomFolded && styles.bottomFolded)}>
          <BottomPanes />
        </div>
        <StatusBar />
        <Layers />
      </div>
    </DesignerContext>
  );
}

/** Go to the row that somebody came for, once. */
function useBeginning({ document, look }: Designer, at: Opened["at"]): void {
  const wanted = useRef(at);
  useEffect(() => {
    const place = wanted.current;
    wanted.current = undefined;
    const subflow = document.subflows.find((one) => one.name.toLowerCase() === place?.subflow.toLowerCase());
    if (place === undefined || subflow === undefined) return;
    look.go(subflow.name, Math.min(Math.max(place.row, 1), Math.max(subflow.rows.length, 1)) - 1);
  }, [document, look]);
}

function Head() {
  const styles = useStyles();
  const { zone } = usePreferences();
  const { saving, isDirty, leave } = useDesigner();
  const { name, isDraft, modifiedOn } = saving.server;
  return (
    <div className={styles.head}>
      <Button appearance="subtle" icon={<ChevronLeft20Regular />} aria-label={t("desktop.back")} onClick={leave.close} />
      <h1 className={styles.title} dir="auto">
        {visible(name)}
      </h1>
      <span className={styles.quiet} role="status">
        {isDirty ? t("desktop.unsaved") : t("desktop.savedAt", { state: t(isDraft ? "desktop.draft" : "desktop.published"), time: friendly(new Date(modifiedOn), new Date(), zone) })}
      </span>
    </div>
  );
}

/** What can be added, the flow, and beside it the fields of a row or the side panes. */
function Middle() {
  const styles = useStyles();
  const { subflow, groups, rows, names, look, whyNot, setForm } = useDesigner();
  const row = subflow.rows.find((one) => one.key === look.panel);
  const hasPanel = row !== undefined;
  const isTextOnly = look.view === "text" && !hasPanel;
  const { drawer } = look;
  const insert = (form: RowForm) => {
    if (drawer.pane !== undefined) drawer.close();
    rows.insert(form);
  };
  const away = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || drawer.pane === undefined) return;
    event.preventDefault();
    drawer.close();
  };
  return (
    <div className={mergeClasses(styles.panes, hasPanel && styles.withPanel, isTextOnly && styles.textOnly)}>
      {!isTextOnly && (
        <div
          data-pane="actions"
          className={mergeClasses(styles.left, hasPanel && styles.leftWithPanel, drawer.pane === "actions" && styles.leftDrawn, drawer.pane === "actions" && hasPanel && styles.leftDrawnBesidePanel)}
          onKeyDown={away}
        >
          <ActionsPane groups={groups} whyNot={whyNot} onInsert={insert} />
        </div>
      )}
      <div className={styles.middle} onFocus={drawer.leave} onPointerDown={drawer.leave}>
        <SubflowTabs />
        <Views />
      </div>
      <div data-pane="side" className={mergeClasses(styles.side, hasPanel ? styles.panel : drawer.pane === "side" && styles.sideDrawn)} onKeyDown={hasPanel ? undefined : away}>
        {row === undefined ? (
          <SidePanes />
        ) : (
          <ActionPanel
            key={row.key}
            row={row}
            names={names}
            isReadOnly={whyNot !== undefined}
            onSave={(written, stays) => {
              rows.rewrite(row, written);
              if (!stays) look.closePanel();
            }}
            onUnwritten={setForm}
            onClose={look.closePanel}
          />
        )}
      </div>
    </div>
  );
}

function StatusBar() {
  const styles = useStyles();
  const { document, state, isChecked, debugging } = useDesigner();
  const actions = document.subflows.reduce((sum, one) => sum + one.rows.length, 0);
  return (
    <div className={styles.status}>
      <strong role="status" className={mergeClasses(debugging.isPaused && styles.paused)}>
        {doing(debugging)?.text}
      </strong>
      <span>{t("desktop.summary", { actions, subflows: document.subflows.length, selected: state.selected.size })}</span>
      <span>{!isChecked && t("desktop.checking")}</span>
      <RunDelay />
    </div>
  );
}
