import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Field, Input, Option, makeStyles } from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type ReferenceRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ConnectorTitle } from "@/components/ConnectorTitle";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { FlowLinks } from "@/components/FlowLinks";
import { SharePane } from "@/components/share/SharePane";
import { StatusBadge } from "@/components/StatusBadge";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useNavigate } from "@tanstack/react-router";
import { ChooseConnection } from "./ChooseConnection";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" } });

function boundText({ connection, connectionName }: ReferenceRow): string {
  if (connection === null) return t("references.unbound");
  return connectionName ?? t("references.gone");
}

const COLUMNS: readonly Column<ReferenceRow>[] = [
  { id: "name", header: t("references.displayName"), render: (row) => <UserText>{row.displayName}</UserText>, text: (row) => row.displayName, sort: "name", width: 150, grow: 2 },
  {
    id: "connection",
    header: t("references.connection"),
    render: (row) => (row.connectionName === null ? <StatusBadge status="Warning" text={boundText(row)} /> : <UserText>{boundText(row)}</UserText>),
    text: boundText,
    sort: "connection",
    width: 160,
    grow: 2,
  },
  { id: "connector", header: t("connections.connector"), render: (row) => <ConnectorTitle name={row.connector} />, text: (row) => row.connector, sort: "connector", width: 140 },
  { id: "logicalName", header: t("references.logicalName"), render: (row) => <UserText>{row.logicalName}</UserText>, text: (row) => row.logicalName, sort: "logicalName", width: 160, grow: 1 },
  { id: "owner", header: t("connections.owner"), render: (row) => <UserText>{row.owner?.name}</UserText>, text: (row) => row.owner?.name ?? null, sort: "owner", width: 110 },
];

function value(row: ReferenceRow, sort: string): string | null {
  const values: Readonly<Record<string, string | null>> = {
    name: row.displayName,
    connection: boundText(row),
    connector: row.connector,
    logicalName: row.logicalName,
    owner: row.owner?.name ?? null,
  };
  return values[sort] ?? null;
}

const source: Source<ReferenceRow> = {
  key: ["references"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /references", { signal });
    return locally(items, view, { texts: (row) => [row.displayName, row.logicalName, row.connector, row.connectionName], values: value });
  },
};

type Asked = { readonly kind: "bind" | "uses" | "share" | "delete"; readonly row: ReferenceRow };

/** What flows call connections, and what each of these names is bound to here. */
export function References({ onNew }: { readonly onNew: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Asked>();
  const close = () => setDialog(undefined);
  const again = () => queries.invalidateQueries();
  const bind = useMutation({
    mutationFn: ({ row, connection }: { row: ReferenceRow; connection: string | null }) =>
      portal("PUT /references/{referenceId}/connection", { path: { referenceId: row.id }, body: { connection } }),
    onSettled: again,
  });
  const rowActions = (row: ReferenceRow): readonly RowAction[] => {
    const { connection } = row;
    const whyNot = row.canWrite ? undefined : t("references.noRight");
    return [
      { id: "bind", label: t("references.bind"), run: () => setDialog({ kind: "bind", row }), disabled: whyNot },
      {
        id: "unbind",
        label: t("references.unbind"),
        run: () => bind.mutate({ row, connection: null }),
        disabled: whyNot ?? (connection === null ? t("references.unbound") : undefined),
      },
      ...(connection === null || row.connectionName === null
        ? []
        : [{ id: "open", label: t("connections.open"), run: () => void navigate(toPage(addressOf.connection(connection))) }]),
      { id: "uses", label: t("references.uses"), run: () => setDialog({ kind: "uses", row }) },
      { id: "share", label: t("share.action"), run: () => setDialog({ kind: "share", row }) },
      {
        id: "delete",
        label: t("references.delete"),
        run: () => setDialog({ kind: "delete", row }),
        danger: true,
        disabled: row.canDelete ? undefined : t("references.noRight"),
      },
    ];
  };
  return (
    <>
      {bind.error !== null && <ErrorMessage error={bind.error} />}
      <DataTable
        name="references"
        label={t("connections.tab.references")}
        columns={COLUMNS}
        source={source}
        defaultSort="name"
        rowId={(row) => row.id}
        rowName={(row) => row.displayName}
        rowActions={rowActions}
        empty={
          <EmptyState title={t("references.emptyTitle")} text={t("references.emptyText")}>
            <Button appearance="primary" onClick={onNew}>
              {t("references.new")}
            </Button>
          </EmptyState>
        }
        command={() => "deskhand connection references"}
      />
      {dialog?.kind === "bind" && (
        <ChooseConnection
          title={t("references.bindTitle", { name: dialog.row.displayName })}
          label={t("references.connection")}
          action={t("references.bindAction")}
          connector={dialog.row.connector}
          none={t("references.noConnections")}
          {...(dialog.row.connection !== null && { initial: dialog.row.connection })}
          onChoose={({ name }) => bind.mutateAsync({ row: dialog.row, connection: name })}
          onClose={close}
        >
          <p>{t("references.bindText")}</p>
        </ChooseConnection>
      )}
      {dialog?.kind === "uses" && <Uses row={dialog.row} onClose={close} />}
      {dialog?.kind === "share" && (
        <SharePane kind="reference" id={dialog.row.id} command={`deskhand connection bind ${dialog.row.logicalName} CONNECTION`} onClose={close} />
      )}
      {dialog?.kind === "delete" && <DeleteReference row={dialog.row} onDeleted={again} onClose={close} />}
    </>
  );
}

function Uses({ row, onClose }: { readonly row: ReferenceRow; readonly onClose: () => void }) {
  const uses = useQuery(endpointQuery("GET /references/{referenceId}/uses", { path: { referenceId: row.id } }));
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("references.usesTitle", { name: row.displayName })}</DialogTitle>
          <DialogContent>
            {uses.error !== null && <ErrorMessage error={uses.error} />}
            {uses.data !== undefined && <FlowLinks links={uses.data.flows} none={t("connections.noFlows")} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function DeleteReference({ row, onDeleted, onClose }: { readonly row: ReferenceRow; readonly onDeleted: () => Promise<unknown>; readonly onClose: () => void }) {
  const uses = useQuery(endpointQuery("GET /references/{referenceId}/uses", { path: { referenceId: row.id } }));
  const flows = uses.data?.flows ?? [];
  return (
    <ConfirmDialog
      title={t("references.deleteTitle", { name: row.displayName })}
      action={t("references.deleteAction")}
      onConfirm={async () => {
        await portal("DELETE /references/{referenceId}", { path: { referenceId: row.id } });
        await onDeleted();
      }}
      onClose={onClose}
    >
      <p>{t("references.deleteText")}</p>
      {flows.length > 0 && (
        <>
          <p>{t("connections.deleteFlows", { count: flows.length })}</p>
          <FlowLinks links={flows} none="" />
        </>
      )}
    </ConfirmDialog>
  );
}

/** Asks for a connection reference's name and connector, and makes it. */
export function NewReference({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => Promise<unknown> }) {
  const styles = useStyles();
  const connectors = useQuery(endpointQuery("GET /connectors"));
  const [connector, setConnector] = useState("");
  const [logicalName, setLogicalName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const chosen = connectors.data?.items.find((one) => one.name === connector);
  const whole = chosen !== undefined && logicalName.trim() !== "";
  const make = useMutation({
    mutationFn: () =>
      portal("POST /references", {
        body: { logicalName: logicalName.trim(), connector, ...(displayName.trim() !== "" && { displayName: displayName.trim() }) },
      }),
    onSuccess: async () => {
      await onMade();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole && !make.isPending) make.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t("references.newTitle")}</DialogTitle>
            <DialogContent className={styles.form}>
              <Field label={t("references.logicalName")} required>
                <Input value={logicalName} maxLength={100} onChange={(_, data) => setLogicalName(data.value)} />
              </Field>
              <Field label={t("connections.connector")} required>
                <Dropdown value={chosen?.title ?? ""} selectedOptions={[connector]} onOptionSelect={(_, data) => setConnector(data.optionValue ?? "")}>
                  {connectors.data?.items.map((one) => (
                    <Option key={one.name} value={one.name} text={one.title}>
                      <UserText>{one.title}</UserText>
                    </Option>
                  ))}
                </Dropdown>
              </Field>
              <Field label={t("references.displayName")}>
                <Input value={displayName} maxLength={100} onChange={(_, data) => setDisplayName(data.value)} />
              </Field>
              {make.error !== null && <ErrorMessage error={make.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!whole || make.isPending}>
                {t("references.create")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
