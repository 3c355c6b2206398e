import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Field, Option } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import type { ConnectionRow } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

interface ChooseConnectionProps {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly connector: string;
  /** The connection that is not offered. */
  readonly without?: string;
  /** What it says where there is none to choose. */
  readonly none: string;
  readonly initial?: string;
  readonly children: ReactNode;
  readonly onChoose: (connection: ConnectionRow) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks for one of the connections to a connector. */
export function ChooseConnection({ title, label, action, connector, without, none, initial, children, onChoose, onClose }: ChooseConnectionProps) {
  const known = useQuery(endpointQuery("GET /connections", { query: { connector } }));
  const [name, setName] = useState(initial ?? "");
  const items = known.data?.items.filter((one) => one.name !== without) ?? [];
  const chosen = items.find((one) => one.name === name);
  const act = useMutation({ mutationFn: (connection: ConnectionRow) => onChoose(connection), onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined && !act.isPending) act.mutate(chosen);
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent>
              {children}
              {known.data !== undefined && items.length === 0 ? (
                <p>{none}</p>
              ) : (
                <Field label={label} required>
                  <Dropdown value={chosen?.displayName ?? ""} selectedOptions={[name]} onOptionSelect={(_, data) => setName(data.optionValue ?? "")}>
                    {items.map((one) => (
                      <Option key={one.name} value={one.name} text={one.displayName}>
                        <UserText>{one.owner === null ? one.displayName : `${one.displayName} (${one.owner})`}</UserText>
                      </Option>
                    ))}
                  </Dropdown>
                </Field>
              )}
              {known.error !== null && <ErrorMessage error={known.error} />}
              {act.error !== null && <ErrorMessage error={act.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button appearance="primary" type="submit" disabledFocusable={chosen === undefined || act.isPending}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
