import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles } from "@fluentui/react-components";
import { useRef, useState, type FormEvent } from "react";
import { InputField } from "@/components/run/InputField";
import { readInputs, rememberable, written, type Typed } from "@/components/run/inputs";
import { remember, remembered } from "@/preferences/remembered";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";
import type { Beginning } from "./useDebugging";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" }, surface: { maxWidth: "560px" } });

/** Asks for the inputs of the flow, as its text on the page declares them. */
export function DebugInputs({ beginning }: { readonly beginning: Beginning }) {
  const styles = useStyles();
  const { state, flowId, saving, debugging, look } = useDesigner();
  const { inputs } = state;
  const fields = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>(() => {
    const kept = remembered<Readonly<Record<string, Typed>>>(`inputs.${flowId}`, {});
    return Object.fromEntries(
      inputs.map((one) => {
        const otherwise = written(one, one.default);
        const last = one.sensitive ? undefined : kept[one.name];
        return [one.name, last !== undefined && typeof last === typeof otherwise ? last : otherwise];
      }),
    );
  });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const read = readInputs(inputs, typed, false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(read.faults).length > 0) {
      setLeft(new Set(inputs.map((one) => one.name)));
      window.setTimeout(() => fields.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    remember(`inputs.${flowId}`, rememberable(inputs, typed));
    look.close();
    debugging.begin({ ...beginning, inputs: read.values });
  };
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface className={styles.surface}>
        <form ref={fields} onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("debug.inputsOf", { name: saving.server.name })}</DialogTitle>
            <DialogContent className={styles.form}>
              {inputs.map((parameter, at) => (
                <InputField
                  key={parameter.name}
                  parameter={parameter}
                  value={typed[parameter.name] ?? ""}
                  fault={left.has(parameter.name) ? read.faults[parameter.name] : undefined}
                  keeps={false}
                  first={at === 0}
                  onChange={(value) => setTyped({ ...typed, [parameter.name]: value })}
                  onLeave={() => setLeft(new Set([...left, parameter.name]))}
                />
              ))}
            </DialogContent>
            <DialogActions>
              <Button onClick={look.close}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary">
                {t("desktop.run")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
