import { Field, Input, Radio, RadioGroup, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { FlowFile } from "@/api/portal";
import { CommandLine } from "@/components/CommandLine";
import { FormDialog } from "@/components/FormDialog";
import { downloadBytes } from "@/components/table/exporting";
import { t } from "@/strings/text";
import { fromBase64 } from "../solutions/base64";
import { solutionNameOf } from "./exporting";

const useStyles = makeStyles({
  about: { display: "block", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

interface ExportDialogProps<Form extends string> {
  readonly title: string;
  /** The forms that there are, with what each is good for; the first is chosen at first. */
  readonly forms: readonly [FormChoice<Form>, ...FormChoice<Form>[]];
  /** The flow that a solution is called after. */
  readonly name: string;
  /** The command that exports the same. */
  readonly command: (form: Form, solution: string) => string;
  /** Makes the file. */
  readonly onExport: (form: Form, solution: string | null) => Promise<FlowFile>;
  readonly onClose: () => void;
}

interface FormChoice<Form extends string> {
  readonly form: Form;
  readonly label: string;
  readonly about: string;
}

/** Asks in what form flows are exported, and gives the file to the browser. */
export function ExportDialog<Form extends string>({ title, forms, name, command, onExport, onClose }: ExportDialogProps<Form>) {
  const styles = useStyles();
  const [form, setForm] = useState(forms[0].form);
  const [solution, setSolution] = useState(() => solutionNameOf(name));
  const isSolution = form === "solution";
  const submit = async () => {
    const file = await onExport(form, isSolution ? solution : null);
    downloadBytes(file.fileName, file.mediaType, fromBase64(file.content));
  };
  return (
    <FormDialog title={title} action={t("copies.exportAction")} isComplete={!isSolution || solution !== ""} onSubmit={submit} onClose={onClose}>
      <RadioGroup aria-label={t("copies.form")} value={form} onChange={(_, data) => setForm(data.value as Form)}>
        {forms.map((one) => (
          <Radio
            key={one.form}
            value={one.form}
            label={
              <>
                {one.label}
                <span className={styles.about}>{one.about}</span>
              </>
            }
          />
        ))}
      </RadioGroup>
      {isSolution && (
        <Field label={t("copies.solutionName")} hint={t("copies.solutionHint")} required>
          <Input value={solution} maxLength={65} onChange={(_, data) => setSolution(data.value)} />
        </Field>
      )}
      <CommandLine command={command(form, solution)} />
    </FormDialog>
  );
}
