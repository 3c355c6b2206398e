import { Button, Input, ToggleButton, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowDown16Regular, ArrowUp16Regular, Dismiss16Regular, Search20Regular, TextCaseTitle20Regular, TextWholeWord20Regular, ArrowSwap20Regular } from "@fluentui/react-icons";
import type { KeyboardEvent, ReactElement } from "react";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { findRows, patternOf, piecesOf, sentence, usages, type FoundRow } from "@/designer/model/desktop/find";
import { t, type TextKey } from "@/strings/text";
import { visible } from "@/strings/visible";
import { useDesigner } from "./designer";
import { goToFound } from "./findCommands";
import { useListStyles } from "./listStyles";
import { useReplacing, type Replacing } from "./useReplacing";

const MOST = 500;

const useStyles = makeStyles({
  bars: { position: "sticky", top: "-4px", zIndex: 1, display: "flex", flexDirection: "column", gap: "4px", padding: "4px 0", backgroundColor: tokens.colorNeutralBackground1 },
  bar: { display: "flex", alignItems: "center", gap: "4px 8px", flexWrap: "wrap", minHeight: "32px" },
  input: { width: "min(340px, 100%)" },
  group: { display: "flex", gap: "2px" },
  note: { color: tokens.colorNeutralForeground2 },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  here: { backgroundColor: tokens.colorNeutralBackground1Selected },
  mark: { color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorPaletteYellowBackground2, "@media (forced-colors: active)": { color: "MarkText", backgroundColor: "Mark" } },
  left: { display: "block", color: tokens.colorPaletteRedForeground1 },
});

/** What a search finds in the cards and their text, or where a variable is used; and what replaces it. */
export function FindPane() {
  const { document, look } = useDesigner();
  const { search } = look;
  const replacing = useReplacing();
  const found = search.variable === undefined ? findRows(document, search) : usages(document, search.variable);
  return (
    <>
      {search.variable === undefined ? <SearchBars found={found} replacing={replacing} /> : <UsagesBar name={search.variable} found={found} />}
      <Results found={found} replacing={replacing} />
    </>
  );
}

function UsagesBar({ name, found }: { readonly name: string; readonly found: readonly FoundRow[] }) {
  const styles = useStyles();
  const { look } = useDesigner();
  return (
    <div className={styles.bars}>
      <div className={styles.bar}>
        <h2 className={styles.title}>{t("finding.usagesOf", { name })}</h2>
        <span role="status" className={styles.note}>
          {found.length === 0 ? t("finding.notUsed") : t("finding.found", { count: found.length })}
        </span>
        <Button size="small" appearance="subtle" icon={<Dismiss16Regular />} onClick={() => look.askWhat({})}>
          {t("finding.back")}
        </Button>
      </div>
    </div>
  );
}

interface FoundProps {
  readonly found: readonly FoundRow[];
  readonly replacing: Replacing;
}

function SearchBars({ found, replacing }: FoundProps) {
  const styles = useStyles();
  const designer = useDesigner();
  const { look } = designer;
  const { search } = look;
  const set = (change: Partial<typeof search>) => {
    replacing.forget();
    look.setSearch(change);
  };
  const step = (forward: boolean) => goToFound(designer, found, forward ? 1 : -1);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      step(!event.shiftKey);
    }
  };
  return (
    <div className={styles.bars}>
      <div className={styles.bar}>
        <Input type="search" className={styles.input} contentBefore={<Search20Regular />} aria-label={t("finding.findInFlow")} placeholder={t("finding.findInFlow")} value={search.text} onChange={(_, data) => set({ text: data.value })} onKeyDown={keys} />
        <span role="group" aria-label={t("finding.find")} className={styles.group}>
          <Choice text="finding.matchCase" icon={<TextCaseTitle20Regular />} isOn={search.matchCase} onChange={(matchCase) => set({ matchCase })} />
          <Choice text="finding.wholeName" icon={<TextWholeWord20Regular />} isOn={search.wholeName} onChange={(wholeName) => set({ wholeName })} />
          <Choice text="finding.withReplace" icon={<ArrowSwap20Regular />} isOn={search.replaces} onChange={(replaces) => set({ replaces })} />
        </span>
        <span className={styles.group}>
          <Button size="small" appearance="subtle" icon={<ArrowUp16Regular />} aria-label={t("finding.previous")} title={`${t("finding.previous")} (Shift+F3)`} disabledFocusable={found.length === 0} onClick={() => step(false)} />
          <Button size="small" appearance="subtle" icon={<ArrowDown16Regular />} aria-label={t("finding.next")} title={`${t("finding.next")} (F3)`} disabledFocusable={found.length === 0} onClick={() => step(true)} />
        </span>
        <span role="status" className={styles.note}>
          {search.text !== "" && t("finding.found", { count: found.length })}
        </span>
      </div>
      {search.replaces && <ReplaceBar found={found} replacing={replacing} />}
    </div>
  );
}

function Choice({ text, icon, isOn, onChange }: { readonly text: TextKey; readonly icon: ReactElement; readonly isOn: boolean; readonly onChange: (isOn: boolean) => void }) {
  return <ToggleButton size="small" appearance="subtle" icon={icon} aria-label={t(text)} title={t(text)} checked={isOn} onClick={() => onChange(!isOn)} />;
}

function ReplaceBar({ found, replacing }: FoundProps) {
  const styles = useStyles();
  const designer = useDesigner();
  const { look, state, whyNot } = designer;
  const { search } = look;
  const here = found.find(({ row }) => row.key === state.current) ?? found[0];
  const why = whyNot ?? (found.length === 0 ? t("finding.found", { count: 0 }) : undefined);
  const replaceHere = () => {
    if (why !== undefined || here === undefined) return;
    replacing.replace([here]);
    goToFound(designer, found, 1, here);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    replaceHere();
  };
  return (
    <div className={styles.bar}>
      <Input className={styles.input} aria-label={t("finding.by")} placeholder={t("finding.by")} value={search.by} onChange={(_, data) => look.setSearch({ by: data.value })} onKeyDown={keys} />
      <Explained why={why}>
        <Button size="small" disabledFocusable={why !== undefined || replacing.isPending} onClick={replaceHere}>
          {t("finding.replaceHere")}
        </Button>
      </Explained>
      <Explained why={why}>
        <Button size="small" disabledFocusable={why !== undefined || replacing.isPending} onClick={() => why === undefined && replacing.replace(found)}>
          {t("finding.replaceAll")}
        </Button>
      </Explained>
      <span role="status" className={styles.note}>
        {outcomeOf(replacing)}
      </span>
      {replacing.error !== null && <ErrorMessage error={replacing.error} />}
    </div>
  );
}

function outcomeOf({ done }: Replacing): string {
  if (done === undefined) return "";
  const told = done.rows === 0 ? t("finding.noneReplaced") : t("finding.replaced", { count: done.count, rows: done.rows });
  return done.left.size === 0 ? told : `${told} ${t("finding.stays", { rows: done.left.size })}`;
}

function Results({ found, replacing }: FoundProps) {
  const styles = useStyles();
  const list = useListStyles();
  const { look, state, whyNot } = useDesigner();
  const { search } = look;
  const pattern = patternOf(search.variable === undefined ? search : { text: search.variable, matchCase: false, wholeName: true });
  if (pattern === undefined) return <p className={list.quiet}>{t("finding.empty")}</p>;
  return (
    <>
      <ul className={list.list} aria-label={t("finding.results")}>
        {found.slice(0, MOST).map((one) => {
          const { subflow, at, row } = one;
          const place = t("desktop.place", { subflow, number: row.number });
          const isHere = row.key === state.current;
          return (
            <li key={row.key} className={mergeClasses(list.item, isHere && styles.here)} aria-current={isHere || undefined}>
              <Button size="small" appearance="subtle" className={list.place} aria-label={t("desktop.goTo", { place })} onClick={() => look.go(subflow, at)}>
                {place}
              </Button>
              <span className={list.text} dir="auto">
                {piecesOf(shownOf(one, pattern), pattern).map((piece, index) => (piece.found ? <mark key={index} className={styles.mark}>{visible(piece.text)}</mark> : visible(piece.text)))}
                {replacing.done?.left.has(row.key) === true && <span className={styles.left}>{replacing.done.left.get(row.key)}</span>}
              </span>
              {search.replaces && search.variable === undefined && whyNot === undefined && (
                <Button size="small" appearance="subtle" disabledFocusable={replacing.isPending} aria-label={t("finding.replaceIn", { place })} onClick={() => replacing.replace([one])}>
                  {t("finding.replaceHere")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {found.length > MOST && <p className={list.quiet}>{t("finding.first", { count: MOST })}</p>}
    </>
  );
}

/** The card of a row; where nothing of it was found, the line of its text that was. */
function shownOf({ row }: FoundRow, pattern: RegExp): string {
  const card = [row.title, sentence(row), row.produces.length > 0 && `${t("desktop.into")} ${row.produces.join(", ")}`].filter(Boolean).join(" ");
  if (card.search(pattern) >= 0) return card;
  return row.text.split("\n").find((line) => line.search(pattern) >= 0)?.trim() ?? card;
}
