import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { Problem } from "@/api/problem";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";

const useStyles = makeStyles({
  bar: { flexShrink: 0 },
  text: { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  code: { fontFamily: tokens.fontFamilyMonospace, marginLeft: "8px" },
});

interface ErrorMessageProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** What went wrong, in the server's own words, with its code. */
export function ErrorMessage({ error, onRetry }: ErrorMessageProps) {
  const styles = useStyles();
  const code = error instanceof Problem ? error.code : "";
  return (
    <MessageBar intent="error" layout="multiline" className={styles.bar} politeness="assertive">
      <MessageBarBody className={styles.text}>
        <span dir="auto">{visible(error.message)}</span>
        {code !== "" && <span className={styles.code}>{code}</span>}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button size="small" onClick={onRetry}>
            {t("common.tryAgain")}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

