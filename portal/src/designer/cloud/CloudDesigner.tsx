import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { FlowDocument as StoredFlow, Palette } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Time } from "@/components/Time";
import { useLatest } from "@/components/useLatest";
import type { Place } from "@/designer/model/cloud/edits";
import { ActionPicker } from "@/designer/palette/ActionPicker";
import { StepPanel, useChosenStep } from "@/designer/panel/StepPanel";
import { t } from "@/strings/text";
import { addChosen } from "./adding";
import { Canvas } from "./Canvas";
import { focusStep } from "./canvasKeys";
import { CheckerPane } from "./CheckerPane";
import { CodeView } from "./CodeView";
import { CommandBar, type SidePane, type View } from "./CommandBar";
import { FindBox } from "./FindBox";
import { ConflictDialog } from "./ConflictDialog";
import { DesignerProvider, type Designer } from "./context";
import { HistoryPane } from "./HistoryPane";
import { Outline } from "./Outline";
import { runQuery } from "./runs";
import { RunBar } from "./RunBar";
import { TestDialog } from "./TestDialog";
import { VersionsPane } from "./VersionsPane";
import { useDesktopFlows } from "./desktopFlows";
import { useFlow } from "./useFlow";

/** Where panes stand above each other. */
const SMALL = "@media (max-width: 1023px)";

const useStyles = makeStyles({
  designer: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0 },
  work: { flex: "1 1 auto", minHeight: 0, display: "flex" },
  panel: { width: "400px", maxWidth: "45vw", flexShrink: 0, minHeight: 0, [SMALL]: { width: "100%", maxWidth: "none", height: "60%" } },
  side: { [SMALL]: { width: "100%", maxWidth: "none", height: "40%" }, width: "320px", maxWidth: "40vw", flexShrink: 0, minHeight: 0, overflow: "auto", backgroundColor: tokens.colorNeutralBackground1, borderLeft: `1px solid ${tokens.colorNeutralStroke2}` },
  view: { flex: "1 1 auto", minWidth: 0, minHeight: 0, position: "relative" },
  narrow: { [SMALL]: { flexDirection: "column" } },
  bars: { display: "flex", flexDirection: "column", gap: "4px", padding: "0 12px" },
});

interface CloudDesignerProps {
  readonly stored: StoredFlow;
  readonly palette: Palette;
  /** The run that is shown on the cards. */
  readonly runName: string | undefined;
  readonly onRun: (name: string | undefined) => void;
}

/** The designer of cloud flows. */
export function CloudDesigner({ stored, palette, runName, onRun }: CloudDesignerProps) {
  const styles = useStyles();
  const flow = useFlow(stored);
  const [selected, select] = useState<string>();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [place, choose] = useState<Place>();
  const [view, setView] = useState<View>(() => (window.innerWidth < 1024 ? "outline" : "canvas"));
  const [side, setSide] = useState<SidePane>();
  const [testing, setTesting] = useState(false);
  const [finding, setFinding] = useState(false);
  const desktopFlows = useDesktopFlows(flow.definition);
  const { data: run, error: runError } = useQuery({ ...runQuery(stored.id, runName ?? ""), enabled: runName !== undefined });
  const designer: Designer = {
    flowId: stored.id,
    name: flow.name,
    document: flow.document,
    definition: flow.definition,
    palette,
    selected,
    readOnly: !flow.mayChange,
    folded,
    run: runName === undefined ? undefined : run,
    desktopFlows,
    edit: flow.edit,
    editDocument: flow.editDocument,
    select,
    choose,
    fold: (name) => setFolded((before) => toggled(before, name)),
    find: () => setFinding(true),
  };
  const latest = useLatest({ flow, view });
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const { flow, view } = latest.current;
      if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      const isText = event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable=true]");
      if (key === "s") {
        event.preventDefault();
        void flow.save();
      } else if (key === "f" && view !== "code") {
        event.preventDefault();
        setFinding(true);
      } else if (key === "z" && !isText) {
        event.preventDefault();
        if (event.shiftKey) flow.redo();
        else flow.undo();
      } else if (key === "y" && !isText) {
        event.preventDefault();
        flow.redo();
      }
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, [latest]);
  return (
    <DesignerProvider value={designer}>
      <div className={styles.designer}>
        <CommandBar flow={flow} view={view} onView={setView} side={side} onSide={setSide} onTest={() => setTesting(true)} />
        <div className={styles.bars}>
          {flow.draft !== undefined && (
            <MessageBar intent="info">
              <MessageBarBody>
                {t("cloud.draftFound")} <Time at={flow.draft.kept} />
              </MessageBarBody>
              <MessageBarActions>
                <Button size="small" onClick={flow.restoreDraft}>
                  {t("cloud.draftRestore")}
                </Button>
                <Button size="small" onClick={flow.discardDraft}>
                  {t("cloud.draftDiscard")}
                </Button>
              </MessageBarActions>
            </MessageBar>
          )}
          {flow.error !== null && <ErrorMessage error={flow.error} />}
          {runError !== null && <ErrorMessage error={runError} />}
        </div>
        {designer.run !== undefined && <RunBar run={designer.run} flowId={stored.id} onRun={onRun} />}
        <div className={mergeClasses(styles.work, styles.narrow)}>
          <ChosenPanel className={styles.panel} />
          <div className={styles.view}>
            {view === "canvas" && <Canvas />}
            {view === "outline" && <Outline />}
            {view === "code" && <CodeView />}
            {finding && view !== "code" && <FindBox onClose={() => setFinding(false)} />}
          </div>
          {side === "checker" && (
            <aside className={styles.side} aria-label={t("cloud.checker")}>
              <CheckerPane faults={flow.faults} />
            </aside>
          )}
          {side === "versions" && (
            <aside className={styles.side} aria-label={t("versions.title")}>
              <VersionsPane isChanged={flow.isChanged} />
            </aside>
          )}
          {side === "history" && (
            <aside className={styles.side} aria-label={t("cloud.history")}>
              <HistoryPane shown={runName} onRun={onRun} />
            </aside>
          )}
        </div>
        {place !== undefined && (
          <ActionPicker
            palette={palette}
            onClose={() => choose(undefined)}
            onChoose={(offer) => {
              const added = addChosen(flow.document, place, offer);
              flow.editDocument(() => added.document);
              choose(undefined);
              select(`step:${added.name}`);
              focusStep(added.name);
            }}
          />
        )}
        {flow.conflict !== undefined && <ConflictDialog flow={flow} conflict={flow.conflict} />}
        {testing && <TestDialog onClose={() => setTesting(false)} onStarted={onRun} />}
      </div>
    </DesignerProvider>
  );
}

function ChosenPanel({ className }: { readonly className: string }) {
  const chosen = useChosenStep();
  return chosen === undefined ? null : (
    <div className={className}>
      <StepPanel key={chosen.isTrigger ? "trigger" : "step"} chosen={chosen} />
    </div>
  );
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
}
