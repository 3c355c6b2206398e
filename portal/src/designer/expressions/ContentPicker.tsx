import { Button, SearchBox, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { portal, type FunctionOffer } from "@/api/portal";
import { t } from "@/strings/text";
import { spoken, visible } from "@/strings/visible";
import { useDesigner } from "@/designer/cloud/context";
import type { Token } from "@/designer/model/cloud/tokens";
import { ExpressionEditor } from "./ExpressionEditor";
import { previewQuery } from "./preview";
import { useTokens } from "./useTokens";

const useStyles = makeStyles({
  place: { display: "flex", flexDirection: "column", gap: "8px", width: "400px", maxWidth: "90vw", maxHeight: "420px" },
  found: { display: "flex", flexDirection: "column", gap: "8px", minHeight: 0, flex: "1 1 auto" },
  search: { width: "100%", maxWidth: "none" },
  list: { overflow: "auto", minHeight: 0, display: "flex", flexDirection: "column", gap: "2px" },
  source: { margin: "8px 0 2px", fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  token: { justifyContent: "space-between", fontWeight: tokens.fontWeightRegular, width: "100%" },
  type: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, marginInlineStart: "12px" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  value: {
    margin: 0,
    padding: "6px 8px",
    maxHeight: "120px",
    overflow: "auto",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
  problem: { color: tokens.colorPaletteRedForeground1 },
});

interface ContentPickerProps {
  readonly step: string;
  /** The expression that is changed, without its `@`; empty where something is added. */
  readonly initial: string;
  readonly onPick: (expression: string) => void;
}

/** What a field can be filled with: what earlier steps give, a function, or any expression. */
export function ContentPicker({ step, initial, onPick }: ContentPickerProps) {
  const styles = useStyles();
  const { palette } = useDesigner();
  const [tab, setTab] = useState(initial === "" ? "content" : "expression");
  const [begun, setBegun] = useState({ text: initial, caret: initial.length });
  const offered = useTokens(step);
  const write = ({ name }: FunctionOffer) => {
    setBegun({ text: `${name}()`, caret: name.length + 1 });
    setTab("expression");
  };
  return (
    <div className={styles.place}>
      <TabList selectedValue={tab} onTabSelect={(_, data) => setTab(String(data.value))}>
        <Tab value="content">{t("cloud.dynamicTitle")}</Tab>
        <Tab value="expression">{t("cloud.expressionTitle")}</Tab>
      </TabList>
      {tab === "content" ? (
        <TokenList tokens={offered} functions={palette.functions} onPick={(token) => onPick(token.expression)} onFunction={write} />
      ) : (
        <ExpressionPart begun={begun} tokens={offered} isInPlace={initial !== ""} onPick={onPick} />
      )}
    </div>
  );
}

interface TokenListProps {
  readonly tokens: readonly Token[];
  readonly functions: readonly FunctionOffer[];
  readonly onPick: (token: Token) => void;
  readonly onFunction: (offer: FunctionOffer) => void;
}

function TokenList({ tokens: listed, functions, onPick, onFunction }: TokenListProps) {
  const styles = useStyles();
  const [text, setText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => search.current?.focus({ preventScroll: true }), []);
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const fits = (whole: string) => words.every((word) => whole.toLowerCase().includes(word));
  const fitting = listed.filter((one) => fits(`${one.source} ${one.name}`));
  const named = functions.filter((one) => fits(one.name));
  const sources = [...new Set(fitting.map((one) => one.source))];
  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [search.current, ...(list.current?.querySelectorAll("button") ?? [])];
    const next = stops[stops.indexOf(document.activeElement as HTMLButtonElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next === undefined) return;
    event.preventDefault();
    next?.focus();
  };
  const takeFirst = () => {
    if (text === "") return;
    const [token] = fitting;
    const [first] = named;
    if (token !== undefined) onPick(token);
    else if (first !== undefined) onFunction(first);
  };
  return (
    <div className={styles.found} onKeyDown={move}>
      <SearchBox
        input={{ ref: search }}
        className={styles.search}
        aria-label={t("cloud.searchDynamic")}
        placeholder={t("cloud.searchDynamic")}
        value={text}
        onChange={(_, data) => setText(data.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") takeFirst();
        }}
      />
      <div ref={list} className={styles.list}>
        {listed.length === 0 && <p className={styles.quiet}>{t("cloud.noDynamic")}</p>}
        {fitting.length === 0 && named.length === 0 && <p className={styles.quiet}>{t("cloud.chip.nothingFits", { text })}</p>}
        {sources.map((source) => (
          <section key={source} aria-label={spoken(source)}>
            <h3 className={styles.source}>{visible(source)}</h3>
            {fitting
              .filter((one) => one.source === source)
              .map((one) => (
                <Button key={one.expression} className={styles.token} appearance="subtle" title={spoken(one.expression)} onClick={() => onPick(one)}>
                  {visible(one.name)}
                  <span className={styles.type}>{one.type}</span>
                </Button>
              ))}
          </section>
        ))}
        {named.length > 0 && (
          <section aria-label={t("cloud.chip.functions")}>
            <h3 className={styles.source}>{t("cloud.chip.functions")}</h3>
            {named.map((one) => (
              <Button key={one.name} className={styles.token} appearance="subtle" title={spoken(one.doc)} onClick={() => onFunction(one)}>
                {one.name}
                <span className={styles.type}>{one.signature.slice(one.name.length)}</span>
              </Button>
            ))}
          </section>
        )}
      </div>
    </div>
  );
}

interface ExpressionPartProps {
  readonly begun: { readonly text: string; readonly caret: number };
  readonly tokens: readonly Token[];
  /** Whether the expression takes the place of another one. */
  readonly isInPlace: boolean;
  readonly onPick: (expression: string) => void;
}

function ExpressionPart({ begun, tokens: listed, isInPlace, onPick }: ExpressionPartProps) {
  const styles = useStyles();
  const { palette, flowId } = useDesigner();
  const [text, setText] = useState(begun.text);
  const tried = useDeferredValue(text.trim());
  const context = useQuery(previewQuery(flowId));
  const preview = useQuery({
    queryKey: ["evaluate", tried, context.data?.run ?? ""],
    queryFn: ({ signal }) => portal("POST /cloudflows/evaluate", { body: { expression: tried, context: context.data?.values ?? {} }, signal }),
    enabled: tried !== "" && context.data !== undefined,
    placeholderData: (before) => before,
    staleTime: Infinity,
  });
  const insert = () => {
    if (text.trim() !== "") onPick(text.trim());
  };
  return (
    <>
      <ExpressionEditor
        label={t("cloud.expression")}
        help={t("cloud.expressionHelp")}
        initial={begun.text}
        caret={begun.caret}
        functions={palette.functions}
        tokens={listed}
        onChange={setText}
        onEnter={insert}
      />
      <p className={styles.quiet}>{t(context.data?.run === undefined ? "cloud.previewWithout" : "cloud.previewFrom")}</p>
      <div aria-live="polite">
        {preview.data !== undefined && tried !== "" && (
          <pre className={styles.value} data-testid="preview">
            {preview.data.problem === null ? preview.data.value : <span className={styles.problem}>{preview.data.problem}</span>}
          </pre>
        )}
      </div>
      <Button appearance="primary" disabledFocusable={text.trim() === ""} onClick={insert}>
        {t(isInPlace ? "cloud.chip.change" : "cloud.insert")}
      </Button>
    </>
  );
}
