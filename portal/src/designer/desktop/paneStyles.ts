/** How the panes at the right of the designer look. */
import { makeStyles, tokens } from "@fluentui/react-components";

export const usePaneStyles = makeStyles({
  pane: { boxSizing: "border-box", display: "flex", flexDirection: "column", gap: "8px", height: "100%", minHeight: 0, padding: "12px 8px 8px" },
  head: { display: "flex", alignItems: "center", gap: "4px" },
  title: { margin: "0 4px", flex: "1 1 auto", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { overflow: "auto", flex: "1 1 auto", minHeight: 0 },
  group: { margin: "8px 4px 4px", fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  rows: { margin: 0, padding: 0, listStyleType: "none" },
  row: { display: "flex", alignItems: "center", gap: "8px", padding: "4px", borderRadius: tokens.borderRadiusMedium, ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  words: { minWidth: 0, flex: "1 1 auto" },
  name: { display: "block", margin: "0 4px", overflowWrap: "anywhere" },
  quiet: { display: "block", margin: "0 4px", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
  reference: { minWidth: 0, justifyContent: "flex-start", textAlign: "start", overflowWrap: "anywhere", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightRegular, color: tokens.colorPaletteDarkOrangeForeground1 },
});
