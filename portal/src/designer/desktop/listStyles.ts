/** How the lists below the designer look. */
import { makeStyles, tokens } from "@fluentui/react-components";

export const useListStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  item: { display: "flex", alignItems: "center", gap: "8px", padding: "2px 4px", borderRadius: tokens.borderRadiusMedium, ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  text: { flex: "1 1 auto", minWidth: 0, overflowWrap: "anywhere" },
  place: { flexShrink: 0, minWidth: "96px", justifyContent: "flex-start" },
  quiet: { margin: "4px", display: "flex", gap: "8px", alignItems: "center", color: tokens.colorNeutralForeground2 },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  error: { color: tokens.colorPaletteRedForeground1, flexShrink: 0 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1, flexShrink: 0 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bar: { display: "flex", gap: "8px", alignItems: "center", flexWrap: "wrap", padding: "4px 0 8px" },
});
