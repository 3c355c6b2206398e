import { Field, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { FormDialog } from "@/components/FormDialog";
import { t } from "@/strings/text";
import type { Flow } from "./useFlow";

const LONGEST_NOTE = 500;

/** Saves the flow and keeps what its maker says of the version. */
export function SaveDialog({ flow, onClose }: { readonly flow: Flow; readonly onClose: () => void }) {
  const [note, setNote] = useState("");
  return (
    <FormDialog title={t("cloud.versions.saveTitle", { name: flow.name })} action={t("cloud.save")} isComplete={!flow.isSaving} onSubmit={() => flow.saveWithNote(note)} onClose={onClose}>
      <Field label={t("versions.note")} hint={t("versions.noteHint")}>
        <Textarea autoFocus resize="vertical" rows={3} maxLength={LONGEST_NOTE} value={note} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}
