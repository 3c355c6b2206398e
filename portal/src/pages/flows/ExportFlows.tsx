import { portal, type ExportForm } from "@/api/portal";
import { t } from "@/strings/text";
import { ExportDialog } from "./ExportDialog";
import { exportCommand } from "./exporting";

interface ExportFlowsProps {
  readonly flows: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
}

/** Exports desktop flows. */
export function ExportFlows({ flows, onClose }: ExportFlowsProps) {
  const [first] = flows;
  return (
    <ExportDialog
      title={flows.length === 1 && first !== undefined ? t("copies.exportTitle", { name: first.name }) : t("copies.exportMany", { count: flows.length })}
      forms={[choice("text"), choice("folder"), choice("solution")]}
      name={first?.name ?? ""}
      command={(form, solution) => exportCommand(flows, form, solution)}
      onExport={(form, solution) => portal("POST /desktopflows/export", { body: { flows: flows.map((one) => one.id), form, solution } })}
      onClose={onClose}
    />
  );
}

function choice(form: ExportForm) {
  return { form, label: t(`copies.form.${form}`), about: t(`copies.form.${form}About`) };
}
