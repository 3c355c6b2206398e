import { Button } from "@fluentui/react-components";
import { ArrowDownload20Regular, SaveCopy20Regular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { portal, type CloudExportForm } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { NameDialog } from "@/components/NameDialog";
import { t } from "@/strings/text";
import { ExportDialog } from "./ExportDialog";

interface CloudFlowCopiesProps {
  readonly flowId: string;
  readonly name: string;
}

/** *Save as* and *Export*. */
export function CloudFlowCopies({ flowId, name }: CloudFlowCopiesProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<"copy" | "export">();
  const close = () => setDialog(undefined);
  const copy = async (wanted: string) => {
    const { id } = await portal("POST /cloudflows/{flowId}/copy", { path: { flowId }, body: { name: wanted } });
    void queries.invalidateQueries({ queryKey: ["GET /cloudflows"] });
    void navigate(toPage(addressOf.cloudFlow(id)));
  };
  return (
    <>
      <Button appearance="subtle" icon={<SaveCopy20Regular />} onClick={() => setDialog("copy")}>
        {t("copies.saveAs")}
      </Button>
      <Button appearance="subtle" icon={<ArrowDownload20Regular />} onClick={() => setDialog("export")}>
        {t("copies.export")}
      </Button>
      {dialog === "copy" && (
        <NameDialog
          title={t("copies.saveAsTitle", { name })}
          label={t("copies.saveAsName")}
          action={t("copies.saveAsAction")}
          initial={t("copies.initial", { name })}
          onName={copy}
          onClose={close}
        />
      )}
      {dialog === "export" && (
        <ExportDialog
          title={t("copies.exportTitle", { name })}
          forms={[choice("file"), choice("solution")]}
          name={name}
          command={(form, solution) => exportCommand(flowId, form, solution)}
          onExport={(form, solution) => portal("POST /cloudflows/{flowId}/export", { path: { flowId }, body: { form, solution } })}
          onClose={close}
        />
      )}
    </>
  );
}

function choice(form: CloudExportForm) {
  return { form, label: t(`cloudFlow.form.${form}`), about: t(`cloudFlow.form.${form}About`) };
}

function exportCommand(flowId: string, form: CloudExportForm, solution: string): string {
  return `deskhand cloudflow export ${flowId} ${form === "solution" ? `--solution ${solution}` : "-o FILE"}`;
}
