import { makeStyles, tokens } from "@fluentui/react-components";
import { readableJson } from "@/format/json";
import { spoken } from "@/strings/visible";

const useStyles = makeStyles({
  block: {
    margin: 0,
    padding: "8px 12px",
    maxHeight: "360px",
    overflow: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

const MOST_CHARACTERS = 100_000;

/** A value as JSON, to be read and copied. */
export function Json({ value, label }: { readonly value: unknown; readonly label: string }) {
  const styles = useStyles();
  const text = readableJson(value);
  return (
    <pre className={styles.block} tabIndex={0} aria-label={spoken(label)} dir="ltr">
      {text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text}
    </pre>
  );
}
