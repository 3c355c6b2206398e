import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, MessageBar, MessageBarBody, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { FlowVariable } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { clash } from "@/designer/model/desktop/parameters";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "12px" } });

/** Asks for another name of a variable, and says so where two variables would become one. */
export function RenameDialog({ variable }: { readonly variable: FlowVariable }) {
  const styles = useStyles();
  const { state, rows, look } = useDesigner();
  const [typed, setTyped] = useState(variable.name);
  const name = typed.trim();
  const { merged, isRefused } = clash(state.variables, variable, name);
  const act = useMutation({ mutationFn: () => rows.rename(variable, name), onSuccess: look.close });
  const isIdle = name === "" || name === variable.name || isRefused || act.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isIdle) act.mutate();
  };
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t("desktop.renameTitle", { name: variable.name })}</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label={t("desktop.newName")} required>
                <Input autoFocus value={typed} maxLength={256} onFocus={(event) => event.target.select()} onChange={(_, data) => (act.reset(), setTyped(data.value))} />
              </Field>
              {merged !== undefined && (
                <MessageBar intent={isRefused ? "error" : "warning"} layout="multiline">
                  <MessageBarBody>
                    <span role="alert">{isRefused ? t("finding.mergeRefused", { name: merged.name, old: variable.name }) : t("finding.merge", { name: merged.name })}</span>
                  </MessageBarBody>
                </MessageBar>
              )}
              {act.error !== null && <ErrorMessage error={act.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={look.close}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={isIdle}>
                {t(merged === undefined ? "desktop.rename" : "finding.mergeAction")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
