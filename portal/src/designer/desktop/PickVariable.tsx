import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Radio, RadioGroup } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import type { FlowVariable } from "@/api/portal";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";
import { useDesigner } from "./designer";

interface PickVariableProps {
  readonly title: TextKey;
  readonly variables: readonly FlowVariable[];
  readonly then: (variable: FlowVariable) => void;
}

/** Asks which variable of a row is meant. */
export function PickVariable({ title, variables, then }: PickVariableProps) {
  const { look } = useDesigner();
  const [name, setName] = useState(variables[0]?.name ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const picked = variables.find((one) => one.name === name);
    look.close();
    if (picked !== undefined) then(picked);
  };
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t(title)}</DialogTitle>
            <DialogContent>
              <RadioGroup aria-label={t(title)} value={name} onChange={(_, data) => setName(data.value)}>
                {variables.map((one, at) => (
                  <Radio key={one.name} value={one.name} label={<UserText>{one.name}</UserText>} input={{ autoFocus: at === 0 }} />
                ))}
              </RadioGroup>
            </DialogContent>
            <DialogActions>
              <Button onClick={look.close}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary">
                {t("finding.pick")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
