import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Field, Option } from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type MachineRow } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const OWN = "own";

/** Asks which group a machine joins. */
export function MoveMachine({ machine, onClose }: { readonly machine: MachineRow; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const known = useQuery(endpointQuery("GET /groups", {}, { topics: ["groups"] }));
  const [chosen, setChosen] = useState<string>();
  const groups = known.data?.items.filter((one) => !one.standalone && one.id !== machine.groupId) ?? [];
  const offered = [...(machine.standalone ? [] : [{ id: OWN, name: t("groups.ownGroup") }]), ...groups];
  const move = useMutation({
    mutationFn: (id: string) =>
      portal("PUT /machines/{machineId}/group", { path: { machineId: machine.id }, body: { groupId: id === OWN ? null : id } }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined && !move.isPending) move.mutate(chosen);
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t("groups.moveTitle", { name: machine.name })}</DialogTitle>
            <DialogContent>
              <p>{t("groups.moveText")}</p>
              <Field label={t("groups.moveTo")} required>
                <Dropdown
                  value={offered.find((one) => one.id === chosen)?.name ?? ""}
                  selectedOptions={chosen === undefined ? [] : [chosen]}
                  onOptionSelect={(_, data) => setChosen(data.optionValue)}
                >
                  {offered.map((one) => (
                    <Option key={one.id} value={one.id} text={one.name}>
                      <UserText>{one.name}</UserText>
                    </Option>
                  ))}
                </Dropdown>
              </Field>
              {known.error !== null && <ErrorMessage error={known.error} />}
              {move.error !== null && <ErrorMessage error={move.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={chosen === undefined || move.isPending}>
                {t("groups.moveAction")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
