/** How pages about one thing are laid out: panels in two columns, what it does beside what is known of it. */
import { makeStyles, tokens } from "@fluentui/react-components";

export const usePanelStyles = makeStyles({
  panels: {
    display: "grid",
    gap: "12px",
    gridTemplateColumns: "minmax(0, 2fr) minmax(280px, 1fr)",
    alignItems: "start",
    "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  /** Panels below each other, as high as each is. */
  column: { display: "flex", flexDirection: "column", gap: "12px", minWidth: 0 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  /** A line of a list, with a rule below it. */
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "4px 16px",
    minHeight: "36px",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ":last-child": { borderBottom: "none" },
  },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  link: { color: tokens.colorBrandForegroundLink, overflowWrap: "anywhere" },
});
