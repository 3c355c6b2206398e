import { portal, type AuditRow } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { DataTable } from "@/components/table/DataTable";
import { listRequest } from "@/components/table/listCommand";
import type { Column, Source } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

function details({ details: more }: AuditRow): string {
  return Object.entries(more)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

function object({ objectName, objectId }: AuditRow): string {
  return objectName ?? objectId ?? "";
}

const COLUMNS: readonly Column<AuditRow>[] = [
  { id: "at", header: t("audit.at"), render: (row) => <Time at={row.at} />, text: (row) => row.at, width: 140 },
  { id: "user", header: t("audit.user"), render: (row) => <UserText>{row.user}</UserText>, text: (row) => row.user, width: 130 },
  { id: "action", header: t("audit.action"), render: (row) => row.action, text: (row) => row.action, width: 190, grow: 2 },
  { id: "object", header: t("audit.object"), render: (row) => <UserText>{object(row)}</UserText>, text: object, width: 150, grow: 2 },
  { id: "details", header: t("audit.details"), render: (row) => <UserText>{details(row)}</UserText>, text: details, width: 150, grow: 2 },
  { id: "address", header: t("audit.address"), render: (row) => row.address, text: (row) => row.address, width: 110 },
];

const source: Source<AuditRow> = {
  key: ["audit"],
  topics: [],
  searches: true,
  load: (view, after, limit, signal) =>
    portal("GET /audit", { query: { limit, ...(view.search !== "" && { search: view.search }), ...(after !== null && { after }) }, signal }),
};

/** Who did what, the newest first. */
export function Audit() {
  return (
    <DataTable
      name="audit"
      label={t("admin.tab.audit")}
      columns={COLUMNS}
      source={source}
      defaultSort=""
      rowId={(row) => row.id}
      rowName={(row) => `${row.user ?? ""} ${row.action} ${object(row)}`}
      empty={<EmptyState title={t("audit.emptyTitle")} text={t("audit.emptyText")} />}
      command={(view) => listRequest("/audit", { search: view.search })}
    />
  );
}
