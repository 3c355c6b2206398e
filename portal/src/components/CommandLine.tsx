import { makeStyles, tokens } from "@fluentui/react-components";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { CopyButton } from "./CopyButton";

const useStyles = makeStyles({
  line: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "4px 4px 4px 12px",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground2,
    maxWidth: "100%",
    boxSizing: "border-box",
  },
  text: {
    flex: "1 1 auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
    textAlign: "start",
  },
});

/** A command line to be run somewhere, with a button that copies it. */
export function CommandLine({ command }: { readonly command: string }) {
  const styles = useStyles();
  return (
    <div className={styles.line}>
      <code className={styles.text} dir="ltr">
        {visible(command)}
      </code>
      <CopyButton text={command} label={t("common.copyCommand")} />
    </div>
  );
}
