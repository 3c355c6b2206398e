import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Suspense, lazy, useEffect, useMemo, type KeyboardEvent } from "react";
import { EmptyState } from "@/components/EmptyState";
import { canBreak, type Rule } from "@/designer/model/desktop/breakpoints";
import { rowLines, subflowText, wholeText } from "@/designer/model/desktop/document";
import { t } from "@/strings/text";
import { DRAGGED_ACTION } from "./ActionsPane";
import { obey } from "./commands";
import { useDesigner } from "./designer";
import { visibleRows } from "./editor";
import { workspaceCommands } from "./rowCommands";
import { rowMarks } from "./useRun";
import { Workspace } from "./Workspace";

const useStyles = makeStyles({
  views: { flex: "1 1 auto", display: "grid", minHeight: 0, gridTemplateColumns: "minmax(0, 1fr)" },
  both: { gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", "& > :last-child": { borderLeft: `1px solid ${tokens.colorNeutralStroke2}` } },
  empty: { height: "100%", overflow: "auto", backgroundColor: tokens.colorNeutralBackground1 },
});

/** The editor of texts is large: it comes once the cards stand. */
const loadTextPane = () => import("./TextPane");
const TextPane = lazy(() => loadTextPane().then((one) => ({ default: one.TextPane })));

/** The open subflow as cards, as text, or as both. */
export function Views() {
  const styles = useStyles();
  const { look, subflow, isStale } = useDesigner();
  useEffect(() => {
    const later = window.setTimeout(() => void loadTextPane(), 1000);
    return () => window.clearTimeout(later);
  }, []);
  return (
    <div data-pane="workspace" className={mergeClasses(styles.views, look.view === "both" && styles.both)}>
      {look.view !== "text" && (subflow.rows.length > 0 ? <Cards /> : isStale ? <Unreadable /> : <Empty />)}
      {look.view !== "cards" && (
        <Suspense fallback={<div />}>
          <SubflowText />
        </Suspense>
      )}
    </div>
  );
}

function useRowKeys(): (event: KeyboardEvent) => void {
  const designer = useDesigner();
  return (event) => void obey(workspaceCommands(designer), event);
}

function Empty() {
  const styles = useStyles();
  const { subflow, rows, look, whyNot } = useDesigner();
  const keys = useRowKeys();
  return (
    <div className={styles.empty} onDragOver={(event) => event.preventDefault()} onDrop={(event) => rows.insertNamed(event.dataTransfer.getData(DRAGGED_ACTION), 0)}>
      <div role="treegrid" aria-label={t("desktop.workspace", { name: subflow.name })} tabIndex={0} onKeyDown={keys}>
        <div role="row">
          <div role="gridcell">
            <EmptyState title={t("desktop.emptyTitle")} text={t("desktop.emptyText")}>
              {whyNot === undefined && (
                <>
                  <Button appearance="primary" onClick={() => look.open({ kind: "add" })}>
                    {t("desktop.addAction")}
                  </Button>
                  <Button onClick={rows.paste}>{t("desktop.paste")}</Button>
                </>
              )}
            </EmptyState>
          </div>
        </div>
      </div>
    </div>
  );
}

/** What stands where a text that cannot be read has left no cards, as a draft may that was kept in the middle of a word. */
function Unreadable() {
  const styles = useStyles();
  const { look } = useDesigner();
  return (
    <div className={styles.empty}>
      <EmptyState title={t("desktop.noCards")} text={t("desktop.noCardsText")}>
        {look.view === "cards" && (
          <Button appearance="primary" onClick={() => look.show("text")}>
            {t("desktop.showText")}
          </Button>
        )}
      </EmptyState>
    </div>
  );
}

function Cards() {
  const { state, dispatch, document, subflow, rows, look, debugging, isStale, whyNot, commandsOf } = useDesigner();
  const keys = useRowKeys();
  const visible = useMemo(() => visibleRows(subflow.rows, state.folded), [subflow.rows, state.folded]);
  return (
    <Workspace
      key={subflow.name}
      name={subflow.name}
      rows={visible}
      all={subflow.rows}
      selected={state.selected}
      current={state.current}
      folded={state.folded}
      findings={state.findings}
      marks={rowMarks(debugging, document, subflow.name)}
      breakpoints={debugging.breakpoints.rules}
      onBreakpoint={(row) => debugging.breakpoints.toggle(row.key)}
      onEditBreakpoint={(row) => look.open({ kind: "breakpoint", key: row.key })}
      isStale={isStale}
      mayAdd={whyNot === undefined}
      commands={commandsOf}
      onSelect={(key, how) => dispatch({ type: "select", key, how })}
      onFold={(key) => dispatch({ type: "fold", key })}
      onOpen={rows.open}
      onKey={keys}
      onAdd={() => look.open({ kind: "add", at: subflow.rows.length })}
      onDropRows={rows.moveTo}
      onDropAction={rows.insertNamed}
    />
  );
}

function SubflowText() {
  const { state, dispatch, document, subflow, groups, look, isReadOnly, debugging } = useDesigner();
  const words = useMemo(() => [...state.variables.map((one) => one.name), ...groups.flatMap((group) => group.forms.map((form) => form.name))], [state.variables, groups]);
  const { lines } = wholeText(document, state.typed);
  const starts = useMemo(() => rowLines(document, subflow), [document, subflow]);
  const line = starts[subflow.rows.findIndex((row) => row.key === state.current)];
  const rowOf = (at: number) => subflow.rows[starts.findLastIndex((start) => start <= at)];
  const { rules, toggle } = debugging.breakpoints;
  const breakpoints = useMemo(
    () =>
      new Map(
        starts.flatMap((line, at): [number, Rule][] => {
          const rule = rules.get(subflow.rows[at]?.key ?? -1);
          return rule === undefined ? [] : [[line, rule]];
        }),
      ),
    [starts, rules, subflow.rows],
  );
  const breakable = (at: number) => {
    const row = rowOf(at);
    return row !== undefined && canBreak(row) ? row.key : undefined;
  };
  const place = debugging.isOpen ? debugging.state?.place : undefined;
  const here = place?.subflow.toLowerCase() === subflow.name.toLowerCase() ? starts[place.row - 1] : undefined;
  return (
    <TextPane
      subflow={subflow.name}
      text={state.typed?.subflow === subflow.name ? state.typed.text : subflowText(document, subflow.name)}
      revision={state.revision}
      findings={state.findings}
      firstLine={lines.get(subflow.name) ?? 1}
      currentLine={line}
      isReadOnly={isReadOnly || debugging.isOpen}
      breakpoints={breakpoints}
      runLine={here}
      onBreakpoint={(at) => {
        const key = breakable(at);
        if (key !== undefined) toggle(key);
      }}
      onEditBreakpoint={(at) => {
        const key = breakable(at);
        if (key !== undefined) look.open({ kind: "breakpoint", key });
      }}
      onLine={(at) => {
        const row = rowOf(at);
        if (row !== undefined && row.key !== state.current && state.typed === undefined) dispatch({ type: "select", key: row.key, how: "one" });
      }}
      words={words}
      onType={(text) => dispatch({ type: "typed", text })}
    />
  );
}
