import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
  makeStyles,
} from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type UserRow } from "@/api/portal";
import { CommandLine } from "@/components/CommandLine";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { StatusBadge } from "@/components/StatusBadge";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import type { AdminPartProps } from "./adminPart";

const useStyles = makeStyles({ roles: { display: "flex", flexDirection: "column" } });

const COLUMNS: readonly Column<UserRow>[] = [
  { id: "name", header: t("users.name"), render: (row) => <UserText>{row.name}</UserText>, text: (row) => row.name, sort: "name", width: 140, grow: 2 },
  { id: "signInName", header: t("users.signInName"), render: (row) => <UserText>{row.signInName}</UserText>, text: (row) => row.signInName, sort: "signInName", width: 140 },
  { id: "roles", header: t("users.roles"), render: (row) => row.roles.join(", "), text: (row) => row.roles.join(", "), width: 200, grow: 2 },
  {
    id: "state",
    header: t("users.state"),
    render: (row) => <StatusBadge status={row.disabled ? "Off" : "On"} text={t(row.disabled ? "users.disabled" : "users.active")} />,
    text: (row) => t(row.disabled ? "users.disabled" : "users.active"),
    width: 110,
  },
  {
    id: "password",
    header: t("users.password"),
    render: (row) => t(row.hasPassword ? "common.yes" : "common.no"),
    text: (row) => row.hasPassword,
    width: 90,
  },
  { id: "lastSeen", header: t("users.lastSeen"), render: (row) => row.lastSeen && <Time at={row.lastSeen} />, text: (row) => row.lastSeen, sort: "lastSeen", width: 130 },
  { id: "created", header: t("users.created"), render: (row) => <Time at={row.createdOn} />, text: (row) => row.createdOn, sort: "created", width: 130, optional: true },
];

const source: Source<UserRow> = {
  key: ["users"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /users", { signal });
    const values = (row: UserRow): Readonly<Record<string, string | null>> => ({
      name: row.name,
      signInName: row.signInName,
      lastSeen: row.lastSeen,
      created: row.createdOn,
    });
    return locally(items, view, { texts: (row) => [row.name, row.signInName, ...row.roles], values: (row, sort) => values(row)[sort] ?? null });
  },
};

type Asked = { readonly kind: "roles" | "link" | "disable"; readonly user: UserRow };

/** People. */
export function Users({ adding, onAdding }: AdminPartProps) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const again = () => queries.invalidateQueries({ queryKey: ["rows"] });
  const enable = useMutation({
    mutationFn: (user: UserRow) => portal("PATCH /users/{userId}", { path: { userId: user.id }, body: { disabled: false } }),
    onSuccess: again,
  });
  const rowActions = (user: UserRow): readonly RowAction[] => [
    { id: "roles", label: t("users.roles.edit"), run: () => setAsked({ kind: "roles", user }) },
    { id: "link", label: t("users.link"), run: () => setAsked({ kind: "link", user }), disabled: user.disabled ? t("users.disabled") : undefined },
    user.disabled
      ? { id: "enable", label: t("users.enable"), run: () => enable.mutate(user) }
      : { id: "disable", label: t("users.disable"), run: () => setAsked({ kind: "disable", user }) },
  ];
  return (
    <>
      {enable.error !== null && <ErrorMessage error={enable.error} />}
      <DataTable
        name="users"
        label={t("admin.tab.users")}
        columns={COLUMNS}
        source={source}
        defaultSort="signInName"
        rowId={(row) => row.id}
        rowName={(row) => row.signInName}
        rowActions={rowActions}
        empty={<EmptyState title={t("users.emptyTitle")} />}
        command={() => "deskhand user list"}
      />
      {adding && (
        <NameDialog
          title={t("users.addTitle")}
          label={t("users.signInName")}
          action={t("users.addAction")}
          onName={async (signInName) => {
            await portal("POST /users", { body: { signInName } });
            await again();
          }}
          onClose={() => onAdding(false)}
        />
      )}
      {asked?.kind === "roles" && <RolesDialog user={asked.user} onChange={again} onClose={close} />}
      {asked?.kind === "link" && <LinkDialog user={asked.user} onClose={close} />}
      {asked?.kind === "disable" && (
        <ConfirmDialog
          title={t("users.disableTitle", { name: asked.user.name })}
          action={t("users.disable")}
          onConfirm={async () => {
            await portal("PATCH /users/{userId}", { path: { userId: asked.user.id }, body: { disabled: true } });
            await again();
          }}
          onClose={close}
        >
          <p>{t("users.disableText", { name: asked.user.name })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface RolesDialogProps {
  readonly user: { readonly id: string; readonly name: string; readonly roles: readonly string[] };
  readonly onChange: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Gives and takes roles, each at once. */
export function RolesDialog({ user, onChange, onClose }: RolesDialogProps) {
  const styles = useStyles();
  const roles = useQuery(endpointQuery("GET /roles"));
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set(user.roles));
  const change = useMutation({
    mutationFn: async ({ role, give }: { role: string; give: boolean }) => {
      await portal(give ? "PUT /users/{userId}/roles/{role}" : "DELETE /users/{userId}/roles/{role}", { path: { userId: user.id, role } });
      return { role, give };
    },
    onSuccess: async ({ role, give }) => {
      setHeld((before) => new Set(give ? [...before, role] : [...before].filter((one) => one !== role)));
      await onChange();
    },
  });
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("users.rolesTitle", { name: user.name })}</DialogTitle>
          <DialogContent className={styles.roles}>
            {roles.isPending && <Spinner label={t("common.loading")} />}
            {roles.data?.items.map((role) => (
              <Checkbox
                key={role.id}
                label={role.name}
                checked={held.has(role.name)}
                onChange={(_, data) => change.mutate({ role: role.name, give: data.checked === true })}
              />
            ))}
            {change.error !== null && <ErrorMessage error={change.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function LinkDialog({ user, onClose }: { readonly user: UserRow; readonly onClose: () => void }) {
  const make = useMutation({ mutationFn: () => portal("POST /users/{userId}/link", { path: { userId: user.id } }) });
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("users.linkTitle", { name: user.name })}</DialogTitle>
          <DialogContent>
            <p>{t("users.linkText", { name: user.name })}</p>
            {make.data !== undefined && <CommandLine command={make.data.address} autoFocus />}
            {make.error !== null && <ErrorMessage error={make.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.close")}</Button>
            {make.data === undefined && (
              <Button appearance="primary" disabledFocusable={make.isPending} onClick={() => make.mutate()}>
                {t("users.linkAction")}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
