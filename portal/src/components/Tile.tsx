import { makeStyles, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";

const useStyles = makeStyles({
  tile: {
    display: "grid",
    gridTemplateColumns: "auto minmax(0, 1fr)",
    gap: "4px 12px",
    gridTemplateRows: "auto 1fr",
    alignItems: "start",
    alignContent: "start",
    padding: "16px",
    textAlign: "start",
    font: "inherit",
    color: "inherit",
    cursor: "pointer",
    borderRadius: "8px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover, borderTopColor: tokens.colorBrandStroke1, borderBottomColor: tokens.colorBrandStroke1, borderLeftColor: tokens.colorBrandStroke1, borderRightColor: tokens.colorBrandStroke1 },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  icon: { gridRow: "1 / 3", color: tokens.colorBrandForeground1 },
  name: { fontWeight: tokens.fontWeightSemibold },
  text: { color: tokens.colorNeutralForeground2 },
});

export const useTileGrid = makeStyles({
  grid: { display: "grid", gap: "12px", gridTemplateColumns: "repeat(auto-fill, minmax(260px, 1fr))" },
});

interface TileProps {
  readonly icon: FluentIcon;
  readonly name: string;
  readonly text: string;
  readonly autoFocus?: boolean;
  readonly onClick: () => void;
}

/** Something to begin with. */
export function Tile({ icon: Icon, name, text, autoFocus = false, onClick }: TileProps) {
  const styles = useStyles();
  return (
    <button type="button" className={styles.tile} autoFocus={autoFocus} onClick={onClick}>
      <Icon className={styles.icon} aria-hidden />
      <span className={styles.name}>{name}</span>
      <span className={styles.text}>{text}</span>
    </button>
  );
}
