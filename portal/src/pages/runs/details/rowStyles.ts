import { makeStyles, tokens } from "@fluentui/react-components";

const COLUMNS = "104px 76px 76px minmax(64px, 110px) 48px minmax(0, 1fr) 120px";
const NARROW = "64px 48px minmax(0, 1fr) 110px";

/** What the rows of a log look like. */
export const useRowStyles = makeStyles({
  scroller: {
    height: "min(56vh, 560px)",
    overflow: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    outlineStyle: "none",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  row: {
    display: "grid",
    gridTemplateColumns: COLUMNS,
    columnGap: "12px",
    alignItems: "start",
    padding: "5px 12px",
    boxSizing: "border-box",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    "@media (max-width: 760px)": { gridTemplateColumns: NARROW, "& .wide": { display: "none" } },
  },
  top: { position: "sticky", top: 0, zIndex: 1 },
  head: {
    backgroundColor: tokens.colorNeutralBackground1,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
  },
  line: { position: "absolute", left: 0, right: 0 },
  failed: { backgroundColor: tokens.colorPaletteRedBackground1 },
  number: { fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground2 },
  slow: { color: tokens.colorPaletteDarkOrangeForeground1, fontWeight: tokens.fontWeightSemibold },
  right: { textAlign: "end" },
  link: { color: tokens.colorBrandForegroundLink },
  action: { minWidth: 0, overflowWrap: "anywhere" },
  name: { fontWeight: tokens.fontWeightSemibold, marginRight: "4px" },
  error: { margin: "2px 0 0", color: tokens.colorPaletteRedForeground1, whiteSpace: "pre-wrap" },
  omitted: { gridColumn: "1 / -1", color: tokens.colorNeutralForeground2, fontStyle: "italic" },
  opens: { padding: "0 4px", minWidth: 0, height: "auto", justifyContent: "start", textAlign: "start", fontWeight: tokens.fontWeightSemibold },
  inside: { borderLeft: `3px solid ${tokens.colorNeutralStroke1}`, marginLeft: "4px" },
  round: { color: tokens.colorNeutralForeground2, marginRight: "6px", whiteSpace: "nowrap" },
  more: { padding: "4px 12px" },
});
