import { Button, MessageBar, MessageBarBody, Tab, TabList, makeStyles } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { portal, type ConnectionRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ConnectorTitle } from "@/components/ConnectorTitle";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Page } from "@/components/Page";
import { SharePane } from "@/components/share/SharePane";
import { StatusBadge } from "@/components/StatusBadge";
import { DataTable } from "@/components/table/DataTable";
import { locally } from "@/components/table/local";
import type { Column, RowAction, Source } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { DeleteConnection } from "./DeleteConnection";
import { NewConnection } from "./NewConnection";
import { NewReference, References } from "./References";

const COLUMNS: readonly Column<ConnectionRow>[] = [
  { id: "name", header: t("connections.name"), render: (row) => <UserText>{row.displayName}</UserText>, text: (row) => row.displayName, sort: "name", width: 160, grow: 2, isLink: true },
  {
    id: "status",
    header: t("connections.status"),
    render: (row) => (row.status === "Connected" ? <StatusBadge status="Connected" /> : <StatusBadge status="Failed" text={t("connections.error")} />),
    text: (row) => row.status,
    sort: "status",
    width: 120,
  },
  { id: "connector", header: t("connections.connector"), render: (row) => <ConnectorTitle name={row.connector} />, text: (row) => row.connector, sort: "connector", width: 140 },
  { id: "target", header: t("connections.target"), render: (row) => <UserText>{row.target}</UserText>, text: (row) => row.target, sort: "target", width: 120 },
  {
    id: "references",
    header: t("connections.references"),
    render: (row) => <UserText>{row.references.join(", ")}</UserText>,
    text: (row) => row.references.join(", "),
    width: 150,
  },
  { id: "owner", header: t("connections.owner"), render: (row) => <UserText>{row.owner}</UserText>, text: (row) => row.owner, sort: "owner", width: 100 },
  {
    id: "tested",
    header: t("connections.tested"),
    render: (row) => (row.testedOn === null ? t("connections.neverTested") : <Time at={row.testedOn} />),
    text: (row) => row.testedOn,
    sort: "tested",
    width: 120,
  },
  { id: "created", header: t("connections.created"), render: (row) => <Time at={row.createdOn} />, text: (row) => row.createdOn, sort: "created", width: 130 },
];

function value(row: ConnectionRow, sort: string): string | null {
  const values: Readonly<Record<string, string | null>> = {
    name: row.displayName,
    status: row.status,
    connector: row.connector,
    target: row.target,
    owner: row.owner,
    created: row.createdOn,
    tested: row.testedOn,
  };
  return values[sort] ?? null;
}

const source: Source<ConnectionRow> = {
  key: ["connections"],
  topics: ["machines", "groups"],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /connections", { signal });
    return locally(items, view, { texts: (row) => [row.displayName, row.connector, row.target, row.name], values: value });
  },
};

type Shown = "connections" | "references";

const useStyles = makeStyles({
  // It stays for screen readers, and takes no room while there is nothing to tell.
  told: { ":empty": { position: "absolute" } },
});

/** Who signs in where, and what flows call that. */
export function ConnectionsPage() {
  const { tab = "connections" } = useSearch({ strict: false }) as { tab?: Shown };
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [making, setMaking] = useState<Shown>();
  const again = () => queries.invalidateQueries();
  const close = () => setMaking(undefined);
  return (
    <Page
      title={t("connections.title")}
      crumbs={[{ text: t("nav.data") }]}
      filled
      commands={
        <>
          <Button appearance="subtle" icon={<Add20Regular />} onClick={() => setMaking("connections")}>
            {t("connections.new")}
          </Button>
          <Button appearance="subtle" icon={<Add20Regular />} onClick={() => setMaking("references")}>
            {t("references.new")}
          </Button>
        </>
      }
    >
      <TabList selectedValue={tab} onTabSelect={(_, data) => void navigate({ to: addressOf.connections, search: { tab: data.value } as never })}>
        <Tab value="connections">{t("connections.tab.connections")}</Tab>
        <Tab value="references">{t("connections.tab.references")}</Tab>
      </TabList>
      {tab === "references" ? (
        <References key="references" onNew={() => setMaking("references")} />
      ) : (
        <Connections key="connections" onNew={() => setMaking("connections")} />
      )}
      {making === "connections" && <NewConnection onClose={close} onMade={again} />}
      {making === "references" && <NewReference onClose={close} onMade={again} />}
    </Page>
  );
}

function Connections({ onNew }: { readonly onNew: () => void }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<{ readonly kind: "share" | "delete"; readonly row: ConnectionRow }>();
  const close = () => setDialog(undefined);
  const again = () => queries.invalidateQueries();
  const test = useMutation({
    mutationFn: (row: ConnectionRow) => portal("POST /connections/test", { body: { name: row.name } }),
    onSettled: again,
  });
  const rowActions = (row: ConnectionRow): readonly RowAction[] => [
    { id: "open", label: t("connections.open"), run: () => void navigate(toPage(addressOf.connection(row.name))) },
    { id: "test", label: t("connections.test"), run: () => test.mutate(row) },
    { id: "share", label: t("connections.share"), run: () => setDialog({ kind: "share", row }) },
    { id: "copy", label: t("connections.copyName"), run: () => void navigator.clipboard.writeText(row.name) },
    { id: "delete", label: t("connections.delete"), run: () => setDialog({ kind: "delete", row }), danger: true },
  ];
  return (
    <>
      <div role="status" className={styles.told}>
        {test.isPending && <MessageBar>{<MessageBarBody>{t("connections.testing", { name: test.variables.displayName })}</MessageBarBody>}</MessageBar>}
        {test.isSuccess && (
          <MessageBar intent={test.data.works ? "success" : "warning"} layout="multiline">
            <MessageBarBody>
              {test.data.works
                ? t("connections.testWorks", { name: test.variables.displayName })
                : t("connections.testFails", { name: test.variables.displayName, message: test.data.message ?? "" })}
            </MessageBarBody>
          </MessageBar>
        )}
      </div>
      {test.error !== null && <ErrorMessage error={test.error} />}
      <DataTable
        name="connections"
        label={t("connections.title")}
        columns={COLUMNS}
        source={source}
        defaultSort="name"
        rowId={(row) => row.name}
        rowName={(row) => row.displayName}
        rowPage={(row) => addressOf.connection(row.name)}
        rowActions={rowActions}
        empty={
          <EmptyState title={t("connections.emptyTitle")} text={t("connections.emptyText")}>
            <Button appearance="primary" onClick={onNew}>
              {t("connections.new")}
            </Button>
          </EmptyState>
        }
        command={() => "deskhand connection list"}
      />
      {dialog?.kind === "share" && (
        <SharePane kind="connection" id={dialog.row.id} command={`deskhand connection share ${dialog.row.name} --user NAME`} onClose={close} />
      )}
      {dialog?.kind === "delete" && <DeleteConnection connection={dialog.row} onDeleted={again} onClose={close} />}
    </>
  );
}
