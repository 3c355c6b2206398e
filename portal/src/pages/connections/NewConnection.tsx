import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Input,
  Option,
  makeStyles,
} from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { ConnectionFields, NOTHING_FILLED } from "./ConnectionFields";
import { faultsIn, parametersOf } from "./filled";
import { fieldsOf } from "./schema";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" } });

export const DESKTOP = "shared_uiflow";
export const TARGET = "targetId";

/** Asks what a connection holds, and makes it. */
export function NewConnection({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => Promise<unknown> }) {
  const styles = useStyles();
  const connectors = useQuery(endpointQuery("GET /connectors"));
  const [connector, setConnector] = useState(DESKTOP);
  const [displayName, setDisplayName] = useState("");
  const [filled, setFilled] = useState(NOTHING_FILLED);
  const [tried, setTried] = useState(false);
  const chosen = connectors.data?.items.find((one) => one.name === connector);
  const fields = chosen === undefined ? [] : fieldsOf(chosen.parameters);
  const faults = faultsIn(fields, filled);
  const make = useMutation({
    mutationFn: () =>
      portal("POST /connections", {
        body: { connector, parameters: parametersOf(fields, filled), ...(displayName.trim() !== "" && { displayName: displayName.trim() }) },
      }),
    onSuccess: async () => {
      await onMade();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.size === 0 && !make.isPending) make.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("connections.newTitle")}</DialogTitle>
            <DialogContent className={styles.form}>
              <Field label={t("connections.connector")} required hint={chosen?.description ?? ""}>
                <Dropdown
                  value={chosen?.title ?? ""}
                  selectedOptions={[connector]}
                  onOptionSelect={(_, data) => {
                    setConnector(data.optionValue ?? DESKTOP);
                    setFilled(NOTHING_FILLED);
                    setTried(false);
                  }}
                >
                  {connectors.data?.items.map((one) => (
                    <Option key={one.name} value={one.name} text={one.title}>
                      <UserText>{one.title}</UserText>
                    </Option>
                  ))}
                </Dropdown>
              </Field>
              <Field label={t("connections.displayName")}>
                <Input value={displayName} maxLength={100} onChange={(_, data) => setDisplayName(data.value)} />
              </Field>
              <ConnectionFields
                fields={fields}
                target={connector === DESKTOP ? TARGET : undefined}
                filled={filled}
                wrong={tried ? faults : new Set()}
                onChange={setFilled}
              />
              {connectors.error !== null && <ErrorMessage error={connectors.error} />}
              {make.error !== null && <ErrorMessage error={make.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={make.isPending}>
                {t("connections.create")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
