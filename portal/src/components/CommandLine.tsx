import { makeStyles, tokens } from "@fluentui/react-components";
import { useLayoutEffect, useRef } from "react";
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

interface CommandLineProps {
  readonly command: string;
  /**
   * Whether its button takes the focus as it appears. Where it comes in place of the button that asked for it, it has to: the
   * focus would leave the dialog with that button, and a dialog without it is hidden from screen readers.
   */
  readonly autoFocus?: boolean;
}

/** A command line to be run somewhere, with a button that copies it. */
export function CommandLine({ command, autoFocus = false }: CommandLineProps) {
  const styles = useStyles();
  const line = useRef<HTMLDivElement>(null);
  // Not by the attribute: that gives the focus before the tooltip around the button can take it.
  useLayoutEffect(() => {
    if (autoFocus) line.current?.querySelector("button")?.focus();
  }, [autoFocus]);
  return (
    <div className={styles.line} ref={line}>
      <code className={styles.text} dir="ltr">
        {visible(command)}
      </code>
      <CopyButton text={command} label={t("common.copyCommand")} />
    </div>
  );
}
