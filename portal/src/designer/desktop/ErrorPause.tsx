import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

/** A run that paused because an action failed: what went wrong, and what can be done now. */
export function ErrorPause() {
  const { debugging } = useDesigner();
  const { state, isPaused, stop, command } = debugging;
  if (!isPaused || state?.error == null) return null;
  const { error } = state;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <span role="alert">
          <MessageBarTitle>{t("debug.failed", { place: t("desktop.place", { subflow: error.place.subflow, number: error.place.row }) })}</MessageBarTitle>
          <UserText>{error.message}</UserText> {t("debug.errorName", { name: error.name })}
        </span>
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={() => command("retry")}>
          {t("debug.retry")}
        </Button>
        <Button size="small" onClick={() => command("skip")}>
          {t("debug.skip")}
        </Button>
        <Button size="small" onClick={stop}>
          {t("desktop.stop")}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
