import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ErrorMessage } from "@/components/ErrorMessage";
import { InputField } from "@/components/run/InputField";
import { readInputs, written, type Typed } from "@/components/run/inputs";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { buttonBody, type ButtonInput } from "./buttonInputs";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" } });

interface ButtonDialogProps {
  readonly name: string;
  readonly inputs: readonly ButtonInput[];
  readonly onRun: (body: Record<string, unknown>) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks for the inputs of an instant flow, and runs it. */
export function ButtonDialog({ name, inputs, onRun, onClose }: ButtonDialogProps) {
  const styles = useStyles();
  const parameters = inputs.map((one) => one.parameter);
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>(() =>
    Object.fromEntries(parameters.map((one) => [one.name, written(one, one.default)])),
  );
  const [tried, setTried] = useState(false);
  const read = readInputs(parameters, typed, false);
  const run = useMutation({ mutationFn: () => onRun(buttonBody(inputs, read.values)), onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(read.faults).length === 0 && !run.isPending) run.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>
              <UserText>{t("run.titleOf", { name })}</UserText>
            </DialogTitle>
            <DialogContent className={styles.form}>
              {parameters.map((parameter, index) => (
                <InputField
                  key={parameter.name}
                  parameter={parameter}
                  value={typed[parameter.name] ?? ""}
                  fault={tried ? read.faults[parameter.name] : undefined}
                  keeps={false}
                  first={index === 0}
                  onChange={(value) => setTyped({ ...typed, [parameter.name]: value })}
                  onLeave={() => undefined}
                />
              ))}
              {run.error !== null && <ErrorMessage error={run.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={run.isPending}>
                {t("run.action")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
