import { useQueryClient } from "@tanstack/react-query";
import { portal, type MachineRow } from "@/api/portal";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { t } from "@/strings/text";

interface RemoveMachineProps {
  readonly machine: MachineRow;
  readonly onRemoved?: () => void;
  readonly onClose: () => void;
}

export function RemoveMachine({ machine, onRemoved, onClose }: RemoveMachineProps) {
  const queries = useQueryClient();
  const remove = async () => {
    await portal("DELETE /machines/{machineId}", { path: { machineId: machine.id } });
    onRemoved?.();
    await queries.invalidateQueries({ queryKey: ["rows"] });
  };
  return (
    <ConfirmDialog title={t("machines.removeTitle", { name: machine.name })} action={t("machines.removeAction")} onConfirm={remove} onClose={onClose}>
      <p>{t("machines.removeText")}</p>
    </ConfirmDialog>
  );
}
