import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Textarea } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { t } from "@/strings/text";
import type { Flow } from "./useFlow";

const LONGEST_NOTE = 500;

/** Saves the flow and keeps what its maker says of the version. */
export function SaveDialog({ flow, onClose }: { readonly flow: Flow; readonly onClose: () => void }) {
  const [note, setNote] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void flow.saveWithNote(note).then(onClose);
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t("cloud.versions.saveTitle", { name: flow.name })}</DialogTitle>
            <DialogContent>
              <Field label={t("versions.note")} hint={t("versions.noteHint")}>
                <Textarea autoFocus resize="vertical" rows={3} maxLength={LONGEST_NOTE} value={note} onChange={(_, data) => setNote(data.value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button appearance="primary" type="submit" disabledFocusable={flow.isSaving}>
                {t("cloud.save")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
