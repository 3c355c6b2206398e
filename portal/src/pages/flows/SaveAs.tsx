import { portal } from "@/api/portal";
import { NameDialog } from "@/components/NameDialog";
import { shellWord } from "@/format/shell";
import { t } from "@/strings/text";

const LONGEST_NAME = 100;

interface SaveAsProps {
  readonly flow: { readonly id: string; readonly name: string };
  readonly onSaved: (copyId: string) => void;
  readonly onClose: () => void;
}

/** Saves a desktop flow under another name, as a flow of one's own. */
export function SaveAs({ flow, onSaved, onClose }: SaveAsProps) {
  const save = async (name: string) => {
    const { id } = await portal("POST /desktopflows/{flowId}/copy", { path: { flowId: flow.id }, body: { name } });
    onSaved(id);
  };
  const initial = t("copies.initial", { name: flow.name }).slice(0, LONGEST_NAME);
  return (
    <NameDialog
      title={t("copies.saveAsTitle", { name: flow.name })}
      label={t("copies.saveAsName")}
      action={t("copies.saveAsAction")}
      initial={initial}
      most={LONGEST_NAME}
      command={(name) => `deskhand flow copy ${flow.id} ${name.startsWith("-") ? "-- " : ""}${shellWord(name)}`}
      onName={save}
      onClose={onClose}
    />
  );
}
