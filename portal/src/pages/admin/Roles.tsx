import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type RoleRow } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, Source } from "@/components/table/model";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { RoleDialog } from "./RoleDialog";

const COLUMNS: readonly Column<RoleRow>[] = [
  { id: "name", header: t("roles.name"), render: (row) => <UserText>{row.name}</UserText>, text: (row) => row.name, sort: "name", width: 270, grow: 1 },
  { id: "description", header: t("roles.description"), render: (row) => <UserText>{row.description}</UserText>, text: (row) => row.description, width: 260, grow: 3 },
  { id: "holders", header: t("roles.holders"), render: (row) => row.users, text: (row) => row.users, sort: "holders", width: 90, numeric: true },
];

const source: Source<RoleRow> = {
  key: ["roles"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /roles", { signal });
    return locally(items, view, { texts: (row) => [row.name, row.description], values: (row, sort) => (sort === "holders" ? row.users : row.name) });
  },
};

/** Security roles: what each lets its holders do, and who they are. */
export function Roles() {
  const [shown, setShown] = useState<string>();
  const roles = useQuery(endpointQuery("GET /roles"));
  const role = roles.data?.items.find((one) => one.id === shown);
  return (
    <>
    <DataTable
      name="roles"
      label={t("admin.tab.roles")}
      columns={COLUMNS}
      source={source}
      defaultSort="name"
      rowId={(row) => row.id}
      rowName={(row) => row.name}
      rowActions={(row) => [{ id: "open", label: t("roles.open"), run: () => setShown(row.id) }]}
      empty={<EmptyState title={t("roles.emptyTitle")} />}
      command={() => "deskhand role list"}
    />
      {role !== undefined && <RoleDialog role={role} onClose={() => setShown(undefined)} />}
    </>
  );
}
