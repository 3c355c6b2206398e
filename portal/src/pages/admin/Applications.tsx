import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { portal, type ApplicationCredentials, type ApplicationRow } from "@/api/portal";
import { CommandLine } from "@/components/CommandLine";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import type { AdminPartProps } from "./adminPart";
import { RolesDialog } from "./Users";

const COLUMNS: readonly Column<ApplicationRow>[] = [
  { id: "name", header: t("apps.name"), render: (row) => <UserText>{row.name}</UserText>, text: (row) => row.name, sort: "name", width: 160, grow: 2 },
  { id: "clientId", header: t("apps.clientId"), render: (row) => row.clientId, text: (row) => row.clientId, width: 290, grow: 2 },
  { id: "roles", header: t("users.roles"), render: (row) => row.roles.join(", "), text: (row) => row.roles.join(", "), width: 180, grow: 2 },
  { id: "secrets", header: t("apps.secrets"), render: (row) => row.secrets.length, text: (row) => row.secrets.length, width: 80, numeric: true },
];

const source: Source<ApplicationRow> = {
  key: ["applications"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /applications", { signal });
    return locally(items, view, { texts: (row) => [row.name, row.clientId], values: (row) => row.name });
  },
};

/** Programs that call the Web API. */
export function Applications({ adding, onAdding }: AdminPartProps) {
  const queries = useQueryClient();
  const [made, setMade] = useState<ApplicationCredentials>();
  const [roles, setRoles] = useState<ApplicationRow>();
  const again = () => queries.invalidateQueries({ queryKey: ["rows"] });
  const secret = useMutation({
    mutationFn: (row: ApplicationRow) => portal("POST /applications/{userId}/secrets", { path: { userId: row.userId }, body: {} }),
    onSuccess: async (credentials) => {
      setMade(credentials);
      await again();
    },
  });
  const rowActions = (row: ApplicationRow): readonly RowAction[] => [
    { id: "roles", label: t("users.roles.edit"), run: () => setRoles(row) },
    { id: "secret", label: t("apps.newSecret"), run: () => secret.mutate(row) },
  ];
  return (
    <>
      {secret.error !== null && <ErrorMessage error={secret.error} />}
      <DataTable
        name="applications"
        label={t("admin.tab.applications")}
        columns={COLUMNS}
        source={source}
        defaultSort="name"
        rowId={(row) => row.userId}
        rowName={(row) => row.name}
        rowActions={rowActions}
        empty={
          <EmptyState title={t("apps.emptyTitle")} text={t("apps.emptyText")}>
            <Button appearance="primary" onClick={() => onAdding(true)}>
              {t("apps.add")}
            </Button>
          </EmptyState>
        }
        command={() => "deskhand app list"}
      />
      {adding && (
        <NameDialog
          title={t("apps.add")}
          label={t("apps.name")}
          action={t("apps.addAction")}
          onName={async (name) => {
            setMade(await portal("POST /applications", { body: { name } }));
            await again();
          }}
          onClose={() => onAdding(false)}
        />
      )}
      {made !== undefined && <Credentials credentials={made} onClose={() => setMade(undefined)} />}
      {roles !== undefined && (
        <RolesDialog user={{ id: roles.userId, name: roles.name, roles: roles.roles }} onChange={again} onClose={() => setRoles(undefined)} />
      )}
    </>
  );
}

function Credentials({ credentials, onClose }: { readonly credentials: ApplicationCredentials; readonly onClose: () => void }) {
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("apps.secretTitle")}</DialogTitle>
          <DialogContent>
            <p>{t("apps.secretText")}</p>
            <Field label={t("apps.clientId")}>
              <CommandLine command={credentials.clientId} />
            </Field>
            <Field label={t("apps.secret")}>
              <CommandLine command={credentials.clientSecret} />
            </Field>
            <Field label={t("apps.tenant")}>
              <CommandLine command={credentials.tenantId} />
            </Field>
            <Field label={t("apps.tokenUrl")}>
              <CommandLine command={credentials.tokenUrl} />
            </Field>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t("common.close")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
