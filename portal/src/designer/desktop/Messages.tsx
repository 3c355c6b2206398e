import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles } from "@fluentui/react-components";
import type { ReactElement } from "react";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";
import { ErrorPause } from "./ErrorPause";
import { forgetDraft } from "./localDraft";

const useStyles = makeStyles({ messages: { display: "flex", flexDirection: "column" } });

/** What has to be known before anything is changed, and what went wrong. */
export function Messages() {
  const styles = useStyles();
  const { flowId, isReadOnly, isStale, isDirty, look, saving, rows, debugging, leave } = useDesigner();
  const failure = saving.error ?? rows.error ?? debugging.error;
  const discard = () => {
    forgetDraft(flowId);
    leave.reload();
  };
  return (
    <div className={styles.messages}>
      {isReadOnly && <Note text={t("desktop.readOnly")} />}
      {saving.isRestored && isDirty && (
        <Note text={t("desktop.localDraft")}>
          <Button size="small" onClick={discard}>
            {t("desktop.discardLocal")}
          </Button>
        </Note>
      )}
      {isStale && <Note intent="warning" text={t("desktop.unreadable")} />}
      {look.note !== undefined && (
        <Note intent="warning" text={look.note}>
          <Button size="small" onClick={() => look.tell(undefined)}>
            {t("common.close")}
          </Button>
        </Note>
      )}
      <ErrorPause />
      {debugging.isOpen && debugging.state?.notice?.sequence === 0 && <Note intent="warning" text={debugging.state.notice.message} />}
      {failure !== null && <ErrorMessage error={failure} />}
    </div>
  );
}

function Note({ text, intent = "info", children }: { readonly text: string; readonly intent?: "info" | "warning"; readonly children?: ReactElement }) {
  return (
    <MessageBar intent={intent}>
      <MessageBarBody>{text}</MessageBarBody>
      {children !== undefined && <MessageBarActions>{children}</MessageBarActions>}
    </MessageBar>
  );
}
