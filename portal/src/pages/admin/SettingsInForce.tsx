import { portal, type SettingRow } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, Filter, Source } from "@/components/table/model";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const COLUMNS: readonly Column<SettingRow>[] = [
  { id: "name", header: t("admin.settings.name"), render: (row) => <code>{row.name}</code>, text: (row) => row.name, sort: "name", width: 270, grow: 1.5 },
  { id: "value", header: t("admin.settings.value"), render: (row) => <UserText>{written(row.value)}</UserText>, text: (row) => written(row.value), width: 120 },
  { id: "default", header: t("admin.settings.default"), render: (row) => <UserText>{written(row.default)}</UserText>, text: (row) => written(row.default), width: 120 },
  {
    id: "source",
    header: t("admin.settings.source"),
    render: (row) => <UserText>{row.source ?? t("admin.settings.isDefault")}</UserText>,
    text: (row) => row.source,
    width: 130,
  },
  { id: "doc", header: t("admin.settings.doc"), render: (row) => row.doc, text: (row) => row.doc, width: 240, grow: 4 },
  { id: "variable", header: t("admin.settings.variable"), render: (row) => <code>{row.variable}</code>, text: (row) => row.variable, width: 220, optional: true },
];

const FILTERS: readonly Filter[] = [
  { id: "changed", label: t("admin.settings.source"), single: true, options: [{ value: "yes", label: t("admin.settings.changed") }] },
];

const source: Source<SettingRow> = {
  key: ["settings"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /settings", { signal });
    return locally(items, view, { texts: (row) => [row.name, row.doc], values: (row) => row.name, passes: (row) => row.changed });
  },
};

/** What is in force, and where it was set. Settings are changed in the file or the environment of the server. */
export function SettingsInForce() {
  return (
    <DataTable
      name="settings"
      label={t("admin.tab.settings")}
      columns={COLUMNS}
      filters={FILTERS}
      source={source}
      defaultSort="name"
      rowId={(row) => row.name}
      rowName={(row) => row.name}
      empty={<EmptyState title={t("admin.settings.emptyTitle")} />}
      command={() => "deskhand config show"}
    />
  );
}
