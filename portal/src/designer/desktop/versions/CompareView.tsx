import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { Button, MessageBar, MessageBarBody, Spinner, Tab, TabList, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowSort16Regular, Edit16Regular, Subtract16Regular, Add16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { portal, type ComparedRow, type ComparedSubflow, type ComparedThing, type Comparison, type Difference, type SummaryPiece } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { differing, folded, isSame } from "@/designer/model/desktop/comparison";
import { sentence } from "@/designer/model/desktop/find";
import { editorTheme } from "@/designer/expressions/editorTheme";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { spoken, visible } from "@/strings/visible";
import { robin } from "../robinLanguage";

const useStyles = makeStyles({
  whole: { display: "flex", flexDirection: "column", gap: "8px", minHeight: 0 },
  heads: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: "8px", fontWeight: tokens.fontWeightSemibold },
  merge: { height: "min(520px, 55vh)", overflow: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  cards: { maxHeight: "min(560px, 60vh)", overflow: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, padding: "0 8px 8px" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  title: { margin: "12px 0 4px", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  rows: { margin: 0, padding: 0, listStyleType: "none" },
  row: { display: "grid", gridTemplateColumns: "96px 64px minmax(0, 1fr)", alignItems: "baseline", gap: "8px", padding: "3px 8px", borderRadius: tokens.borderRadiusSmall, "@media (max-width: 760px)": { gridTemplateColumns: "24px 40px minmax(0, 1fr)" } },
  sign: { display: "flex", alignItems: "center", gap: "4px", fontSize: tokens.fontSizeBase200 },
  // In small windows the sign alone is seen; who listens still hears the word.
  word: { "@media (max-width: 760px)": { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" } },
  numbers: { fontVariantNumeric: "tabular-nums", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, whiteSpace: "nowrap" },
  words: { minWidth: 0, overflowWrap: "anywhere" },
  name: { fontWeight: tokens.fontWeightSemibold },
  former: { display: "block", color: tokens.colorNeutralForeground2 },
  code: { display: "block", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, whiteSpace: "pre-wrap" },
  struck: { textDecorationLine: "line-through" },
  added: { backgroundColor: tokens.colorPaletteGreenBackground1 },
  removed: { backgroundColor: tokens.colorPaletteRedBackground1 },
  changed: { backgroundColor: tokens.colorPaletteYellowBackground1 },
  moved: { backgroundColor: tokens.colorBrandBackground2 },
  same: {},
});

interface CompareViewProps {
  readonly before: string;
  readonly after: string;
  /** What the texts are called. */
  readonly names: readonly [string, string];
}

/** Two texts of a flow side by side: as cards, by what the server found, or as text. */
export function CompareView({ before, after, names }: CompareViewProps) {
  const styles = useStyles();
  const [view, setView] = useState<"cards" | "text">("cards");
  const comparing = useQuery({
    queryKey: ["compare", before, after],
    queryFn: ({ signal }) => portal("POST /robin/compare", { body: { before, after }, signal }),
    staleTime: Infinity,
    gcTime: 0,
  });
  const found = comparing.data;
  return (
    <div className={styles.whole}>
      <TabList size="small" aria-label={t("versions.view")} selectedValue={view} onTabSelect={(_, data) => setView(data.value === "text" ? "text" : "cards")}>
        <Tab value="cards">{t("versions.cards")}</Tab>
        <Tab value="text">{t("versions.text")}</Tab>
      </TabList>
      {found !== undefined && (
        <p className={styles.quiet} role="status">
          {isSame(found) ? t("versions.same") : found.readable && countsText(found)}
        </p>
      )}
      {view === "text" && <Texts before={before} after={after} names={names} />}
      {view === "cards" && comparing.error !== null && <ErrorMessage error={comparing.error} />}
      {view === "cards" && found === undefined && comparing.error === null && <Spinner size="tiny" label={t("versions.comparing")} />}
      {view === "cards" && found?.readable === false && (
        <MessageBar intent="warning">
          <MessageBarBody>{t("versions.notReadable")}</MessageBarBody>
        </MessageBar>
      )}
      {view === "cards" && found?.readable === true && !isSame(found) && <Cards found={found} />}
    </div>
  );
}

function countsText({ counts }: Comparison): string {
  const parts = (["added", "removed", "changed", "moved"] as const).flatMap((one) => {
    const count = counts[one] ?? 0;
    return count === 0 ? [] : [t(`versions.counts.${one}`, { count })];
  });
  return parts.length === 0 ? t("versions.counts.none") : parts.join(", ");
}

function Cards({ found }: { readonly found: Comparison }) {
  const styles = useStyles();
  return (
    <div className={styles.cards} role="group" aria-label={t("versions.cards")} tabIndex={0}>
      {differing(found).map((one) => (
        <Subflow key={one.name} subflow={one} />
      ))}
      <Things title={t("versions.header")} things={found.header} />
      <Things title={t("versions.elements")} things={found.elements} />
    </div>
  );
}

function Subflow({ subflow }: { readonly subflow: ComparedSubflow }) {
  const styles = useStyles();
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const whole = subflow.difference === "added" || subflow.difference === "removed";
  return (
    <section>
      <h3 className={styles.title}>
        <UserText>{subflow.name}</UserText> {whole && `(${t(`versions.difference.${subflow.difference}`)})`}
      </h3>
      <ol className={styles.rows} aria-label={spoken(subflow.name)}>
        {folded(subflow.rows).map((piece, at) => {
          if (piece.kind === "row") return <Row key={at} row={piece.row} />;
          if (unfolded.has(at)) return piece.rows.map((row) => <Row key={`${at} ${row.after}`} row={row} />);
          return (
            <li key={at}>
              <Button size="small" appearance="subtle" onClick={() => setUnfolded(new Set([...unfolded, at]))}>
                {t("versions.sameRows", { count: piece.rows.length })}
              </Button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Row({ row }: { readonly row: ComparedRow }) {
  const styles = useStyles();
  const changed = row.difference === "changed";
  const isInText = changed && sentence({ summary: row.former }) === sentence(row);
  return (
    <li className={mergeClasses(styles.row, styles[row.difference])}>
      <Sign difference={row.difference} />
      <span className={styles.numbers}>{numbersOf(row)}</span>
      <span className={styles.words} style={{ paddingInlineStart: `${row.depth * 20}px` }} dir="auto">
        <span className={styles.name}>{visible(row.title)}</span> {!isInText && <Sentence pieces={row.summary} />}
        {row.difference === "moved" && row.other !== "" && <span className={styles.quiet}> ({t("versions.from", { subflow: row.other, number: row.before ?? 0 })})</span>}
        {changed && !isInText && (
          <span className={styles.former}>
            {t("versions.was")} <Sentence pieces={row.former} />
          </span>
        )}
        {isInText && (
          <>
            <span className={mergeClasses(styles.code, styles.struck)}>{row.formerText}</span>
            <span className={styles.code}>{row.text}</span>
          </>
        )}
      </span>
    </li>
  );
}

function Sentence({ pieces }: { readonly pieces: readonly SummaryPiece[] }) {
  return <>{sentence({ summary: [...pieces] })}</>;
}

function numbersOf({ difference, before, after }: ComparedRow): string {
  if (before === null || after === null || before === after || difference === "same") return String(after ?? before ?? "");
  return `${before} → ${after}`;
}

const SIGNS: Readonly<Record<Difference, ReactElement | null>> = {
  same: null,
  added: <Add16Regular aria-hidden />,
  removed: <Subtract16Regular aria-hidden />,
  changed: <Edit16Regular aria-hidden />,
  moved: <ArrowSort16Regular aria-hidden />,
};

function Sign({ difference }: { readonly difference: Difference }) {
  const styles = useStyles();
  if (difference === "same") return <span />;
  return (
    <span className={styles.sign} title={t(`versions.difference.${difference}`)}>
      {SIGNS[difference]}
      <span className={styles.word}>{t(`versions.difference.${difference}`)}</span>
    </span>
  );
}

function Things({ title, things }: { readonly title: string; readonly things: readonly ComparedThing[] }) {
  const styles = useStyles();
  if (things.length === 0) return null;
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.rows} aria-label={spoken(title)}>
        {things.map((one) => (
          <li key={one.difference + one.name} className={mergeClasses(styles.row, styles[one.difference])}>
            <Sign difference={one.difference} />
            <span />
            <span className={mergeClasses(styles.words, styles.code)}>{one.name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Texts({ before, after, names }: CompareViewProps) {
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  const [first, second] = names;
  useEffect(() => {
    if (place.current === null) return;
    const side = (doc: string, label: string) => ({
      doc,
      extensions: [lineNumbers(), robin, editorTheme(), EditorView.lineWrapping, EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-label": spoken(label), tabindex: "0" })],
    });
    const view = new MergeView({ parent: place.current, a: side(before, first), b: side(after, second), collapseUnchanged: {} });
    return () => view.destroy();
  }, [before, after, first, second]);
  return (
    <>
      <div className={styles.heads}>
        <span>{first}</span>
        <span>{second}</span>
      </div>
      <div ref={place} className={styles.merge} role="group" aria-label={t("versions.compare")} />
    </>
  );
}
