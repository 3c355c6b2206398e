import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { ALWAYS } from "@/designer/model/desktop/breakpoints";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

const useStyles = makeStyles({
  surface: { maxWidth: "520px" },
  content: { display: "flex", flexDirection: "column", gap: "12px" },
  remove: { marginRight: "auto" },
});

/** When the breakpoint of a row counts, and whether it pauses or logs. */
export function BreakpointDialog({ rowKey }: { readonly rowKey: number }) {
  const styles = useStyles();
  const { subflow, debugging, look } = useDesigner();
  const { rules, set } = debugging.breakpoints;
  const before = rules.get(rowKey);
  const row = subflow.rows.find((one) => one.key === rowKey);
  const [condition, setCondition] = useState(before?.condition ?? "");
  const [hits, setHits] = useState(String(before?.hits ?? ""));
  const [log, setLog] = useState(before?.log ?? "");
  const [left, setLeft] = useState(false);
  const count = hits.trim() === "" ? null : Number(hits);
  const isCount = count === null || (Number.isInteger(count) && count >= 1);
  const save = useMutation({
    // The server reads conditions and texts; what it cannot read is said here, and not when a run begins.
    mutationFn: () => portal("POST /robin/breakpoint", { body: { subflow: subflow.name, row: row?.number ?? 1, condition, hits: count, log } }),
    onSuccess: (taken) => {
      set(rowKey, { ...ALWAYS, condition: taken.condition ?? null, hits: taken.hits ?? null, log: taken.log ?? null });
      look.close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLeft(true);
    if (isCount && !save.isPending) save.mutate();
  };
  const remove = () => {
    set(rowKey, undefined);
    look.close();
  };
  const place = t("desktop.place", { subflow: subflow.name, number: row?.number ?? 0 });
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("debug.breakpointOf", { place })}</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label={t("debug.condition")} hint={t("debug.conditionHint")}>
                <Input autoFocus value={condition} input={{ spellCheck: false }} placeholder="Count > 3" onChange={(_, data) => (save.reset(), setCondition(data.value))} />
              </Field>
              <Field label={t("debug.hits")} hint={t("debug.hitsHint")} {...(left && !isCount ? { validationMessage: t("debug.noHits") } : {})}>
                <Input type="number" min={1} step={1} value={hits} onChange={(_, data) => setHits(data.value)} />
              </Field>
              <Field label={t("debug.log")} hint={t("debug.logHint")}>
                <Input value={log} onChange={(_, data) => (save.reset(), setLog(data.value))} />
              </Field>
              {save.error !== null && <ErrorMessage error={save.error} />}
            </DialogContent>
            <DialogActions>
              {before !== undefined && (
                <Button className={styles.remove} onClick={remove}>
                  {t("debug.removeBreakpoint")}
                </Button>
              )}
              <Button onClick={look.close}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={save.isPending}>
                {t("debug.setBreakpoint")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
