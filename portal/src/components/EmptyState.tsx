import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  place: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: "8px",
    padding: "48px 24px",
    textAlign: "center",
    color: tokens.colorNeutralForeground2,
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground1 },
  text: { margin: 0, maxWidth: "560px", textWrap: "balance" },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px", justifyContent: "center", marginTop: "8px" },
});

interface EmptyStateProps {
  readonly title: string;
  readonly text?: ReactNode;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** What stands where there is nothing yet: what it is, and what to do next. */
export function EmptyState({ title, text, children }: EmptyStateProps) {
  const styles = useStyles();
  return (
    <div className={styles.place}>
      <p className={styles.title}>{title}</p>
      {text !== undefined && <div className={styles.text}>{text}</div>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
