import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Textarea } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";
import { useDesigner } from "../designer";

const LONGEST_NOTE = 500;

/** Publishes the flow and keeps what its maker says of the version. */
export function PublishDialog() {
  const { saving, look } = useDesigner();
  const [note, setNote] = useState("");
  const act = useMutation({ mutationFn: () => saving.publishNow(note), onSuccess: look.close });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!act.isPending) act.mutate();
  };
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t("versions.publishTitle", { name: saving.server.name })}</DialogTitle>
            <DialogContent>
              <Field label={t("versions.note")} hint={t("versions.noteHint")}>
                <Textarea autoFocus resize="vertical" rows={3} maxLength={LONGEST_NOTE} value={note} onChange={(_, data) => setNote(data.value)} />
              </Field>
              {act.error !== null && <ErrorMessage error={act.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={look.close}>{t("common.cancel")}</Button>
              <Button appearance="primary" type="submit" disabledFocusable={act.isPending}>
                {t("desktop.publish")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
