import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowSwap20Regular, Beaker20Regular, Delete20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type ConnectionDetails, type ConnectorRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { CopyButton } from "@/components/CopyButton";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { Facts } from "@/components/Facts";
import { FlowLinks } from "@/components/FlowLinks";
import { Page, type Crumb } from "@/components/Page";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { ShareButton } from "@/components/share/ShareButton";
import { StatusBadge } from "@/components/StatusBadge";
import { ExactTime, Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { ChooseConnection } from "./ChooseConnection";
import { DeleteConnection } from "./DeleteConnection";
import { EditConnection } from "./EditConnection";
import { DESKTOP, TARGET } from "./NewConnection";
import { fieldsOf } from "./schema";

const useStyles = makeStyles({
  panels: {
    display: "grid",
    gap: "12px",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    alignItems: "start",
    "@media (max-width: 900px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  link: { color: tokens.colorBrandForegroundLink, overflowWrap: "anywhere" },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "8px" },
});

/** One connection: what it holds, whether it works, and what uses it. */
export function ConnectionPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const query = useQuery(endpointQuery("GET /connections/{name}", { path: { name } }));
  const connectors = useQuery(endpointQuery("GET /connectors"));
  const crumbs = [{ text: t("nav.data") }, { text: t("connections.title"), to: addressOf.connections }];
  const error = query.error ?? connectors.error;
  if (query.data !== undefined && connectors.data !== undefined) {
    const connector = connectors.data.items.find((one) => one.name === query.data.connection.connector);
    return <Loaded details={query.data} connector={connector} crumbs={crumbs} />;
  }
  if (error === null) return <PageLoading />;
  return <ProblemPage title={t("connections.connection")} crumbs={crumbs} error={error} onRetry={() => void query.refetch()} />;
}

interface LoadedProps {
  readonly details: ConnectionDetails;
  readonly connector: ConnectorRow | undefined;
  readonly crumbs: readonly Crumb[];
}

function Loaded({ details, connector, crumbs }: LoadedProps) {
  const styles = useStyles();
  const { connection } = details;
  const uses = useQuery(endpointQuery("GET /connections/{name}/uses", { path: { name: connection.name } }, { topics: ["flows"] }));
  const works = connection.status === "Connected";
  return (
    <Page
      title={connection.displayName}
      crumbs={crumbs}
      beside={<span role="status">{works ? <StatusBadge status="Connected" /> : <StatusBadge status="Failed" text={t("connections.error")} />}</span>}
      commands={<Commands details={details} connector={connector} />}
    >
      {!works && connection.problem !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{connection.problem}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.panels}>
        <Panel title={t("flows.details")}>
          <Facts
            facts={[
              [t("connections.connector"), connector?.title ?? connection.connector],
              [
                t("connections.target"),
                connection.targetId !== null && (
                  <Link key="target" {...toPage(addressOf.group(connection.targetId))} className={styles.link}>
                    <UserText>{connection.target}</UserText>
                  </Link>
                ),
              ],
              [t("connections.owner"), connection.owner && <UserText>{connection.owner}</UserText>],
              [t("connections.tested"), connection.testedOn === null ? t("connections.neverTested") : <Time key="tested" at={connection.testedOn} />],
              [t("connections.created"), <ExactTime key="created" at={connection.createdOn} />],
              [t("connections.nameForRequests"), <UserText key="name">{connection.name}</UserText>],
            ]}
          />
        </Panel>
        <Panel title={t("connections.holds")}>
          <Parameters details={details} connector={connector} />
        </Panel>
        <Panel title={t("connections.boundReferences")}>
          {connection.references.length === 0 ? (
            <p className={styles.quiet}>{t("connections.nothingBound")}</p>
          ) : (
            <ul className={styles.list}>
              {connection.references.map((one) => (
                <li key={one}>
                  <Link {...toPage(`${addressOf.connections}?tab=references`)} className={styles.link}>
                    <UserText>{one}</UserText>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <Panel title={t("connections.flows")}>
          {uses.error !== null && <ErrorMessage error={uses.error} />}
          {uses.data !== undefined && <FlowLinks links={uses.data.flows} none={t("connections.noFlows")} />}
        </Panel>
      </div>
    </Page>
  );
}

function Parameters({ details, connector }: Pick<LoadedProps, "details" | "connector">) {
  const styles = useStyles();
  const fields = connector === undefined ? [] : fieldsOf(connector.parameters);
  const shown = fields.filter(({ name }) => details.parameters[name] !== undefined && !(connector?.name === DESKTOP && name === TARGET));
  if (shown.length === 0) return <p className={styles.quiet}>{t("connections.holdsNothing")}</p>;
  return <Facts facts={shown.map(({ name, title }) => [title, parameterText(details, details.parameters[name])])} />;
}

function parameterText(details: ConnectionDetails, value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const name = details.credentials[String((value as { credential?: unknown }).credential)];
  return name === undefined ? t("connections.hiddenCredential") : t("connections.fromCredential", { name });
}

function Commands({ details, connector }: Pick<LoadedProps, "details" | "connector">) {
  const { connection } = details;
  const { name } = connection;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<"edit" | "replace" | "delete">();
  const [told, setTold] = useState("");
  const again = () => queries.invalidateQueries();
  const close = () => setDialog(undefined);
  const test = useMutation({ mutationFn: () => portal("POST /connections/test", { body: { name } }), onSettled: again });
  const whyNot = details.canWrite ? undefined : t("connections.noRight");
  const whyNoReplace = connection.references.length > 0 ? undefined : t("connections.nothingBound");
  return (
    <>
      <Button appearance="subtle" icon={<Beaker20Regular />} disabledFocusable={test.isPending} onClick={() => test.mutate()}>
        {t("connections.test")}
      </Button>
      <Explained why={whyNot}>
        <Button appearance="subtle" icon={<Edit20Regular />} disabledFocusable={whyNot !== undefined || connector === undefined} onClick={() => setDialog("edit")}>
          {t("connections.edit")}
        </Button>
      </Explained>
      <ShareButton kind="connection" id={connection.id} command={`deskhand connection share ${name} --user NAME`} />
      <Explained why={whyNoReplace}>
        <Button appearance="subtle" icon={<ArrowSwap20Regular />} disabledFocusable={whyNoReplace !== undefined} onClick={() => setDialog("replace")}>
          {t("connections.replace")}
        </Button>
      </Explained>
      <Explained why={whyNot}>
        <Button appearance="subtle" icon={<Delete20Regular />} disabledFocusable={whyNot !== undefined} onClick={() => setDialog("delete")}>
          {t("connections.delete")}
        </Button>
      </Explained>
      <CopyButton text={`deskhand connection show ${name}`} label={t("common.copyAsCommand")} size="medium" />
      <span role="status">
        {test.isPending && t("connections.testing", { name: connection.displayName })}
        {test.data?.works === true && t("connections.testWorks", { name: connection.displayName })}
        {told}
      </span>
      {test.error !== null && <ErrorMessage error={test.error} />}
      {dialog === "edit" && connector !== undefined && <EditConnection details={details} connector={connector} onSaved={again} onClose={close} />}
      {dialog === "replace" && (
        <ChooseConnection
          title={t("connections.replaceTitle", { name: connection.displayName })}
          label={t("connections.replaceBy")}
          action={t("connections.replaceAction", { count: connection.references.length })}
          connector={connection.connector}
          without={name}
          none={t("connections.replaceNone")}
          onChoose={async (other) => {
            const done = await portal("POST /connections/{name}/replace", { path: { name }, body: { by: other.name } });
            const kept = done.kept.length > 0 ? ` ${t("connections.replaceKept", { names: done.kept.join(", ") })}` : "";
            setTold(t("connections.replaced", { count: done.references.length, name: other.displayName }) + kept);
            await again();
          }}
          onClose={close}
        >
          <p>{t("connections.replaceText")}</p>
        </ChooseConnection>
      )}
      {dialog === "delete" && (
        <DeleteConnection
          connection={connection}
          onDeleted={async () => {
            await navigate(toPage(addressOf.connections));
            await again();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
