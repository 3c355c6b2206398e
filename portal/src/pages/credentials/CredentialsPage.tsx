import { Button } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { portal, type ConnectionLink, type CredentialRow } from "@/api/portal";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { SharePane } from "@/components/share/SharePane";
import { StatusBadge } from "@/components/StatusBadge";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { CredentialDialog } from "./CredentialDialog";

function usageText({ displayName }: ConnectionLink): string {
  return displayName ?? t("credentials.hiddenUse");
}

function Expiry({ at }: { readonly at: string }) {
  if (new Date(at) > new Date()) return <Time at={at} />;
  return <StatusBadge status="Warning" text={t("credentials.expired")} />;
}

const COLUMNS: readonly Column<CredentialRow>[] = [
  { id: "name", header: t("credentials.name"), render: (row) => <UserText>{row.name}</UserText>, text: (row) => row.name, sort: "name", width: 160, grow: 2 },
  { id: "account", header: t("credentials.account"), render: (row) => <UserText>{row.account}</UserText>, text: (row) => row.account, sort: "account", width: 140, grow: 1 },
  {
    id: "usedBy",
    header: t("credentials.usedBy"),
    render: (row) => <UserText>{row.usedBy.map(usageText).join(", ")}</UserText>,
    text: (row) => row.usedBy.map(usageText).join(", "),
    width: 160,
    grow: 2,
  },
  {
    id: "changed",
    header: t("credentials.changed"),
    render: (row) => row.secretChangedOn && <Time at={row.secretChangedOn} />,
    text: (row) => row.secretChangedOn,
    sort: "changed",
    width: 140,
  },
  {
    id: "lastUsed",
    header: t("credentials.lastUsed"),
    render: (row) => (row.lastUsedOn === null ? t("credentials.neverUsed") : <Time at={row.lastUsedOn} />),
    text: (row) => row.lastUsedOn,
    sort: "lastUsed",
    width: 130,
  },
  { id: "expires", header: t("credentials.expires"), render: (row) => row.expiresOn && <Expiry at={row.expiresOn} />, text: (row) => row.expiresOn, sort: "expires", width: 130 },
  { id: "owner", header: t("credentials.owner"), render: (row) => <UserText>{row.owner?.name}</UserText>, text: (row) => row.owner?.name ?? null, sort: "owner", width: 110 },
  {
    id: "description",
    header: t("credentials.description"),
    render: (row) => <UserText>{row.description}</UserText>,
    text: (row) => row.description,
    width: 160,
    optional: true,
  },
];

function value(row: CredentialRow, sort: string): string | null {
  const values: Readonly<Record<string, string | null>> = {
    name: row.name,
    account: row.account,
    changed: row.secretChangedOn,
    lastUsed: row.lastUsedOn,
    expires: row.expiresOn,
    owner: row.owner?.name ?? null,
  };
  return values[sort] ?? null;
}

const source: Source<CredentialRow> = {
  key: ["credentials"],
  topics: [],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /credentials", { signal });
    return locally(items, view, { texts: (row) => [row.name, row.account, row.description], values: value });
  },
};

type Asked = { readonly kind: "new" } | { readonly kind: "edit" | "rotate" | "share" | "delete"; readonly row: CredentialRow };

/** User names with passwords that connections sign in with. */
export function CredentialsPage() {
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<Asked>();
  const close = () => setDialog(undefined);
  const again = () => queries.invalidateQueries();
  const rowActions = (row: CredentialRow): readonly RowAction[] => {
    const whyNot = row.canWrite ? undefined : t("credentials.noRight");
    return [
      { id: "rotate", label: t("credentials.rotate"), run: () => setDialog({ kind: "rotate", row }), disabled: whyNot },
      { id: "edit", label: t("credentials.edit"), run: () => setDialog({ kind: "edit", row }), disabled: whyNot },
      { id: "share", label: t("share.action"), run: () => setDialog({ kind: "share", row }) },
      {
        id: "delete",
        label: t("credentials.delete"),
        run: () => setDialog({ kind: "delete", row }),
        danger: true,
        disabled: row.canDelete ? undefined : t("credentials.noRight"),
      },
    ];
  };
  return (
    <Page
      title={t("credentials.title")}
      crumbs={[{ text: t("nav.data") }]}
      filled
      commands={
        <Button appearance="subtle" icon={<Add20Regular />} onClick={() => setDialog({ kind: "new" })}>
          {t("credentials.new")}
        </Button>
      }
    >
      <DataTable
        name="credentials"
        label={t("credentials.title")}
        columns={COLUMNS}
        source={source}
        defaultSort="name"
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowActions={rowActions}
        empty={
          <EmptyState title={t("credentials.emptyTitle")} text={t("credentials.emptyText")}>
            <Button appearance="primary" onClick={() => setDialog({ kind: "new" })}>
              {t("credentials.new")}
            </Button>
          </EmptyState>
        }
        command={() => "deskhand credential list"}
      />
      {dialog?.kind === "new" && <CredentialDialog kind="new" onDone={again} onClose={close} />}
      {(dialog?.kind === "edit" || dialog?.kind === "rotate") && <CredentialDialog kind={dialog.kind} credential={dialog.row} onDone={again} onClose={close} />}
      {dialog?.kind === "share" && (
        <SharePane kind="credential" id={dialog.row.id} command={`deskhand credential share ${dialog.row.id} --user NAME`} onClose={close} />
      )}
      {dialog?.kind === "delete" && (
        <ConfirmDialog
          title={t("credentials.deleteTitle", { name: dialog.row.name })}
          action={t("credentials.deleteAction")}
          onConfirm={async () => {
            await portal("DELETE /credentials/{credentialId}", { path: { credentialId: dialog.row.id } });
            await again();
          }}
          onClose={close}
        >
          <p>{t("credentials.deleteText")}</p>
          {dialog.row.usedBy.length > 0 && (
            <>
              <p>{t("credentials.deleteUsed", { count: dialog.row.usedBy.length })}</p>
              <ul>
                {dialog.row.usedBy.map((one, index) => (
                  <li key={index}>
                    <UserText>{usageText(one)}</UserText>
                  </li>
                ))}
              </ul>
            </>
          )}
        </ConfirmDialog>
      )}
    </Page>
  );
}
