import { Button } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { portal, type VariableRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
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

const LONGEST = 100_000;

function shown({ type, value }: VariableRow, text: string | null): string {
  if (text === null) return "";
  return type === "secret" && value !== null ? t("variables.secret") : text;
}

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
  { id: "type", header: t("variables.type"), render: (row) => row.type, text: (row) => row.type, sort: "type", width: 90 },
  {
    id: "value",
    header: t("variables.value"),
    render: (row) => (row.value === null ? t("variables.noValue") : <UserText>{shown(row, row.value)}</UserText>),
    text: (row) => shown(row, row.value),
    width: 160,
    grow: 2,
  },
  { id: "default", header: t("variables.default"), render: (row) => <UserText>{shown(row, row.default)}</UserText>, text: (row) => shown(row, row.default), width: 130 },
  { id: "modified", header: t("variables.modified"), render: (row) => <Time at={row.modifiedOn} />, text: (row) => row.modifiedOn, sort: "modified", width: 130 },
];

function value(row: VariableRow, sort: string): string {
  const values: Readonly<Record<string, string>> = { name: row.displayName, schemaName: row.schemaName, type: row.type, modified: row.modifiedOn };
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

/** Values that differ between environments. */
export function VariablesPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [setting, setSetting] = useState<VariableRow>();
  const set = useMutation({
    mutationFn: ({ row, value: given }: { row: VariableRow; value: string | null }) =>
      portal("PUT /variables/{variableId}/value", { path: { variableId: row.id }, body: { value: given } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["rows"] }),
  });
  const rowActions = (row: VariableRow): readonly RowAction[] => [
    { id: "set", label: t("variables.set"), run: () => setSetting(row) },
    {
      id: "clear",
      label: t("variables.clear"),
      run: () => set.mutate({ row, value: null }),
      disabled: row.value === null ? t("variables.clearNot") : undefined,
    },
  ];
  return (
    <Page title={t("variables.title")} crumbs={[{ text: t("nav.data") }]} filled>
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
            <Button appearance="primary" onClick={() => void navigate(toPage(addressOf.importing))}>
              {t("solutions.import")}
            </Button>
          </EmptyState>
        }
        command={() => listRequest("/variables")}
      />
      {setting !== undefined && (
        <NameDialog
          title={t("variables.setTitle", { name: setting.displayName })}
          label={t("variables.value")}
          action={t("variables.setAction")}
          most={LONGEST}
          initial={setting.type === "secret" ? "" : (setting.value ?? setting.default ?? "")}
          onName={(given) => set.mutateAsync({ row: setting, value: given })}
          onClose={() => setSetting(undefined)}
        />
      )}
    </Page>
  );
}
