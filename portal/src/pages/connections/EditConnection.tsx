import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { portal, type ConnectionDetails, type ConnectorRow } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";
import { ConnectionFields } from "./ConnectionFields";
import { faultsIn, filledBy, parametersOf } from "./filled";
import { DESKTOP, TARGET } from "./NewConnection";
import { fieldsOf } from "./schema";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" } });

interface EditConnectionProps {
  readonly details: ConnectionDetails;
  readonly connector: ConnectorRow;
  readonly onSaved: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Changes what a connection holds; secrets that are left empty stay. */
export function EditConnection({ details, connector, onSaved, onClose }: EditConnectionProps) {
  const styles = useStyles();
  const { name, displayName } = details.connection;
  const fields = fieldsOf(connector.parameters);
  const [before] = useState(() => filledBy(fields, details.parameters));
  const [filled, setFilled] = useState(before);
  const [title, setTitle] = useState(displayName);
  const [tried, setTried] = useState(false);
  const faults = faultsIn(fields, filled, before);
  const save = useMutation({
    mutationFn: () =>
      portal("PATCH /connections/{name}", { path: { name }, body: { displayName: title.trim(), parameters: parametersOf(fields, filled, before) } }),
    onSuccess: async () => {
      await onSaved();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.size === 0 && title.trim() !== "" && !save.isPending) save.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("connections.editTitle", { name: displayName })}</DialogTitle>
            <DialogContent className={styles.form}>
              <Field label={t("connections.displayName")} required>
                <Input value={title} maxLength={100} onChange={(_, data) => setTitle(data.value)} />
              </Field>
              <ConnectionFields
                fields={fields}
                target={connector.name === DESKTOP ? TARGET : undefined}
                filled={filled}
                wrong={tried ? faults : new Set()}
                keepsSecrets
                onChange={setFilled}
              />
              {save.error !== null && <ErrorMessage error={save.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={save.isPending}>
                {t("connections.save")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
