import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";
import { goToTextLine, linesOfText } from "./textView";

const useStyles = makeStyles({ surface: { maxWidth: "360px" } });

/** Asks for a line of the open subflow: a row's number in the cards, a line of the text where that is worked in. */
export function GoToDialog({ inText }: { readonly inText: boolean }) {
  const styles = useStyles();
  const { subflow, state, look } = useDesigner();
  const [last] = useState(() => (inText ? linesOfText() : subflow.rows.length));
  const [typed, setTyped] = useState(() => (inText ? "" : String((subflow.rows.find((row) => row.key === state.current)?.number ?? "") || "")));
  const [left, setLeft] = useState(false);
  const line = Number(typed);
  const isThere = Number.isInteger(line) && line >= 1 && line <= last;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLeft(true);
    if (!isThere) return;
    look.close();
    if (inText) window.setTimeout(() => goToTextLine(line));
    else look.go(subflow.name, line - 1);
  };
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("finding.goToLine")}</DialogTitle>
            <DialogContent>
              <Field label={t("finding.lineOf", { name: subflow.name, last })} {...(left && !isThere ? { validationMessage: t("finding.noLine", { last }) } : {})}>
                <Input autoFocus type="number" min={1} max={last} value={typed} onFocus={(event) => event.target.select()} onChange={(_, data) => setTyped(data.value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={look.close}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary">
                {t("finding.go")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
