import { Button } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { portal, type VariableRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { Page } from "@/components/Page";
import { DataTable } from "@/components/table/DataTable";
import { listRequest } from "@/components/table/listCommand";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { VariableDialog } from "./VariableDialog";
import { shownValue, typeName } from "./variableText";

const LONGEST = 100_000;

const COLUMNS: readonly Column<VariableRow>[] = [
  { id: "name", header: t("variables.name"), render: (row) => <UserText>{row.displayName}</UserText>, text: (row) => row.displayName, sort: "name", width: 160, grow: 2 },
  {
    id: "schemaName",
    header: t("variables.schemaName"),
    render: (row) => <UserText>{row.schemaName}</UserText>,
    text: (row) => row.schemaName,
    sort: "schemaName",
    width: 160,
  },
  { id: "type", header: t("variables.type"), render: (row) => typeName(row.type), text: (row) => typeName(row.type), sort: "type", width: 90 },
  {
    id: "value",
    header: t("variables.value"),
    render: (row) => (row.value === null ? t("variables.noValue") : <UserText>{shownValue(row, row.value)}</UserText>),
    text: (row) => shownValue(row, row.value),
    width: 160,
    grow: 2,
  },
  { id: "default", header: t("variables.default"), render: (row) => <UserText>{shownValue(row, row.default)}</UserText>, text: (row) => shownValue(row, row.default), width: 130 },
  { id: "modified", header: t("variables.modified"), render: (row) => <Time at={row.modifiedOn} />, text: (row) => row.modifiedOn, sort: "modified", width: 130 },
];

function value(row: VariableRow, sort: string): string {
  const values: Readonly<Record<string, string>> = { name: row.displayName, schemaName: row.schemaName, type: typeName(row.type), modified: row.modifiedOn };
  return values[sort] ?? "";
}

const source: Source<VariableRow> = {
  key: ["variables"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /variables", { signal });
    return locally(items, view, { texts: (row) => [row.displayName, row.schemaName, row.description], values: value });
  },
};

type Asked = { readonly kind: "new" } | { readonly kind: "set" | "edit" | "delete"; readonly row: VariableRow };

/** Values that differ between environments. */
export function VariablesPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Asked>();
  const close = () => setDialog(undefined);
  const again = () => queries.invalidateQueries({ queryKey: ["rows"] });
  const set = useMutation({
    mutationFn: ({ row, value: given }: { row: VariableRow; value: string | null }) =>
      portal("PUT /variables/{variableId}/value", { path: { variableId: row.id }, body: { value: given } }),
    onSuccess: again,
  });
  const rowActions = (row: VariableRow): readonly RowAction[] => {
    const whyNot = row.canWrite ? undefined : t("variables.noRight");
    return [
      { id: "set", label: t("variables.set"), run: () => setDialog({ kind: "set", row }), disabled: whyNot },
      { id: "edit", label: t("variables.edit"), run: () => setDialog({ kind: "edit", row }), disabled: whyNot },
      {
        id: "clear",
        label: t("variables.clear"),
        run: () => set.mutate({ row, value: null }),
        disabled: whyNot ?? (row.value === null ? t("variables.clearNot") : undefined),
      },
      {
        id: "delete",
        label: t("variables.delete"),
        run: () => setDialog({ kind: "delete", row }),
        danger: true,
        disabled: row.canDelete ? undefined : t("variables.noRight"),
      },
    ];
  };
  return (
    <Page
      title={t("variables.title")}
      crumbs={[{ text: t("nav.data") }]}
      filled
      commands={
        <Button appearance="subtle" icon={<Add20Regular />} onClick={() => setDialog({ kind: "new" })}>
          {t("variables.new")}
        </Button>
      }
    >
      {set.error !== null && <ErrorMessage error={set.error} />}
      <DataTable
        name="variables"
        label={t("variables.title")}
        columns={COLUMNS}
        source={source}
        defaultSort="name"
        rowId={(row) => row.id}
        rowName={(row) => row.displayName}
        rowActions={rowActions}
        empty={
          <EmptyState title={t("variables.emptyTitle")} text={t("variables.emptyText")}>
            <Button appearance="primary" onClick={() => setDialog({ kind: "new" })}>
              {t("variables.new")}
            </Button>
            <Button onClick={() => void navigate(toPage(addressOf.importing))}>{t("solutions.import")}</Button>
          </EmptyState>
        }
        command={() => listRequest("/variables")}
      />
      {dialog?.kind === "new" && <VariableDialog onDone={again} onClose={close} />}
      {dialog?.kind === "edit" && <VariableDialog variable={dialog.row} onDone={again} onClose={close} />}
      {dialog?.kind === "set" && (
        <NameDialog
          title={t("variables.setTitle", { name: dialog.row.displayName })}
          label={t("variables.value")}
          action={t("variables.setAction")}
          most={LONGEST}
          initial={dialog.row.type === "secret" ? "" : (dialog.row.value ?? dialog.row.default ?? "")}
          onName={(given) => set.mutateAsync({ row: dialog.row, value: given })}
          onClose={close}
        />
      )}
      {dialog?.kind === "delete" && (
        <ConfirmDialog
          title={t("variables.deleteTitle", { name: dialog.row.displayName })}
          action={t("variables.deleteAction")}
          onConfirm={async () => {
            await portal("DELETE /variables/{variableId}", { path: { variableId: dialog.row.id } });
            await again();
          }}
          onClose={close}
        >
          <p>{t("variables.deleteText", { schemaName: dialog.row.schemaName })}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}
