import { Field, Input, Textarea } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { portal, type DesktopFlowRow } from "@/api/portal";
import { FormDialog } from "@/components/FormDialog";
import { t } from "@/strings/text";

/** Changes a desktop flow's name and description. */
export function FlowPropertiesDialog({ flow, onClose }: { readonly flow: DesktopFlowRow; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(flow.name);
  const [description, setDescription] = useState(flow.description ?? "");
  const save = async () => {
    await portal("PATCH /desktopflows/{flowId}", { path: { flowId: flow.id }, body: { name: name.trim(), description } });
    await queries.invalidateQueries();
  };
  return (
    <FormDialog title={t("flows.propertiesTitle", { name: flow.name })} action={t("flows.save")} isComplete={name.trim() !== ""} onSubmit={save} onClose={onClose}>
      <Field label={t("flows.name")} required>
        <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label={t("flows.description")}>
        <Textarea value={description} maxLength={2000} resize="vertical" onChange={(_, data) => setDescription(data.value)} />
      </Field>
    </FormDialog>
  );
}
