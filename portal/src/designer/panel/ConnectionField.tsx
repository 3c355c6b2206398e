import { Button, Dropdown, Field, Input, MessageBar, MessageBarBody, Option, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { request } from "@/api/client";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type ConnectionRow, type ConnectorOffer } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { useDesigner } from "@/designer/cloud/context";
import { definitionOf, connectionsOf, referenceOf, withConnection, withDefinition, type FlowDocument } from "@/designer/model/cloud/document";
import { changeStep } from "@/designer/model/cloud/edits";
import { objectOf, valueAt, withValueAt, type Json, type JsonObject } from "@/designer/model/cloud/json";
import { connectionKeyOf } from "@/designer/model/cloud/offers";
import { findStep } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  prompt: {
    display: "flex",
    flexDirection: "column",
    gap: "12px",
    padding: "12px",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: "8px",
    backgroundColor: tokens.colorNeutralBackground2,
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", gap: "8px" },
});

interface Reference {
  readonly connectionreferencelogicalname: string;
  readonly connectionid: string | null;
}

const referencesQuery = queryOptions({
  queryKey: ["connection references"],
  queryFn: ({ signal }) => request<{ readonly value: readonly Reference[] }>("/api/cloudflows/connectionreferences", { signal }),
});

export interface StepConnection {
  readonly connections: readonly ConnectionRow[] | undefined;
  /** The connection that the step runs with. */
  readonly bound: ConnectionRow | undefined;
  readonly error: Error | null;
  /** Let the step run with a connection. */
  readonly bind: (connection: string) => Promise<void>;
}

/** Return what connections a step can have, and which it has. */
export function useStepConnection(chosen: ChosenStep, connector: ConnectorOffer | undefined): StepConnection {
  const { document, editDocument } = useDesigner();
  const client = useQueryClient();
  const asks = connector?.asks === true;
  const { data, error } = useQuery({ ...endpointQuery("GET /connections"), enabled: asks });
  const connections = data?.items.filter((one) => one.connector.toLowerCase() === connector?.name.toLowerCase());
  const key = connectionKeyOf(chosen.step);
  const reference = referenceOf(connectionsOf(document)[key ?? ""]);
  const references = useQuery({ ...referencesQuery, enabled: asks });
  const named = references.data?.value.find((one) => one.connectionreferencelogicalname.toLowerCase() === reference?.toLowerCase());
  const bound = connections?.find((one) => one.name === named?.connectionid);
  const bind = async (name: string) => {
    if (connector === undefined) return;
    const known = await client.fetchQuery({ ...referencesQuery, staleTime: 0 });
    const made = known.value.find((one) => one.connectionid === name)?.connectionreferencelogicalname ?? (await makeReference(connector.name, name));
    await Promise.all([client.invalidateQueries({ queryKey: ["GET /connections"] }), client.invalidateQueries(referencesQuery)]);
    editDocument((before) => connected(before, chosen.name, connector.name, made));
  };
  return { connections, bound, error, bind };
}

/** Make a connection reference that is bound to a connection; flows name the reference, not the connection. */
async function makeReference(connector: string, connection: string): Promise<string> {
  const name = `deskhand_${connector.replace(/^shared_/, "")}_${crypto.randomUUID().slice(0, 8)}`;
  await request("/api/cloudflows/connectionreferences", { method: "POST", body: { name, connector } });
  await request(`/api/cloudflows/connectionreferences/${encodeURIComponent(name)}`, { method: "PATCH", body: { connection } });
  return name;
}

function connected(document: FlowDocument, step: string, connector: string, reference: string): FlowDocument {
  const [changed, key] = withConnection(document, { connector, reference });
  const definition = definitionOf(changed);
  const action = findStep(definition, step)?.action;
  if (action === undefined) return document;
  const named = withValueAt(action, ["inputs", "host", "connectionName"], key) as JsonObject;
  return withDefinition(changed, changeStep(definition, step, named));
}

interface ConnectionFieldProps {
  readonly connector: ConnectorOffer;
  readonly connection: StepConnection;
}

/** The connection of a step; asks for one in place where there is none. */
export function ConnectionField({ connector, connection }: ConnectionFieldProps) {
  const { readOnly } = useDesigner();
  const [asking, setAsking] = useState(false);
  // The prompt takes the place of the field, and gives the focus back to it.
  const [returned, setReturned] = useState(0);
  const field = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (returned > 0) field.current?.focus();
  }, [returned]);
  const { connections, bound, error, bind } = connection;
  const choose = useMutation({ mutationFn: bind });
  if (error !== null) return <ErrorMessage error={error} />;
  if (connections === undefined) return <Spinner size="tiny" />;
  if (!readOnly && (asking || connections.length === 0)) {
    const leave = () => {
      setAsking(false);
      setReturned(returned + 1);
    };
    return <ConnectionPrompt connector={connector} focused={asking} onMade={(name) => bind(name).then(leave)} onCancel={connections.length === 0 ? undefined : leave} />;
  }
  const select = (value: string | undefined) => {
    if (value === NEW) setAsking(true);
    else if (value !== undefined) choose.mutate(value);
  };
  return (
    <>
      <Field label={t("cloud.connection")} required validationState="none">
        <Dropdown
          button={{ ref: field }}
          disabled={readOnly}
          placeholder={t("cloud.chooseConnection")}
          value={bound === undefined ? "" : shown(bound)}
          selectedOptions={bound === undefined ? [] : [bound.name]}
          onOptionSelect={(_, data) => select(data.optionValue)}
        >
          {connections.map((one) => (
            <Option key={one.name} value={one.name} text={shown(one)}>
              {shown(one)}
            </Option>
          ))}
          <Option value={NEW} text={t("cloud.newConnection")}>
            {`＋ ${t("cloud.newConnection")}`}
          </Option>
        </Dropdown>
      </Field>
      {choose.error !== null && <ErrorMessage error={choose.error} />}
    </>
  );
}

const NEW = "＋";
const shown = (one: ConnectionRow) => (one.target === null || one.target === one.displayName ? one.displayName : `${one.displayName} (${one.target})`);

interface ConnectionPromptProps {
  readonly connector: ConnectorOffer;
  /** Whether somebody asked for it, and goes on there. */
  readonly focused: boolean;
  readonly onMade: (name: string) => Promise<void>;
  readonly onCancel: (() => void) | undefined;
}

function ConnectionPrompt({ connector, focused, onMade, onCancel }: ConnectionPromptProps) {
  const styles = useStyles();
  const connectors = useQuery(endpointQuery("GET /connectors"));
  const schema = connectors.data?.items.find((one) => one.name === connector.name)?.parameters as JsonObject | undefined;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: async () => {
      const parameters = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
      const made = await portal("POST /connections", { body: { connector: connector.name, displayName: name.trim() || null, parameters: typedParameters(schema, parameters) } });
      await onMade(made.name);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.isPending) make.mutate();
  };
  const properties = Object.entries(objectOf(valueAt(schema, ["properties"])));
  const required = valueAt(schema, ["required"]);
  return (
    <form className={styles.prompt} onSubmit={submit} aria-label={t("cloud.newConnection")}>
      <h3 className={styles.title}>{t("cloud.connectionNeeded", { connector: connector.title })}</h3>
      {connector.name === "shared_uiflow" && <p className={styles.text}>{t("cloud.connectionWhy")}</p>}
      <Field label={t("cloud.connectionName")}>
        <Input autoFocus={focused} value={name} placeholder={spoken(connector.title)} onChange={(_, data) => setName(data.value)} />
      </Field>
      {properties.map(([key, property]) =>
        key === "targetId" ? (
          <MachineField key={key} value={values[key] ?? ""} label={text(property, "title") || key} onChange={(value) => setValues({ ...values, [key]: value })} />
        ) : (
          <Field key={key} label={text(property, "title") || key} hint={text(property, "description")} required={Array.isArray(required) && required.includes(key)}>
            <Input
              type={text(property, "format") === "password" ? "password" : "text"}
              autoComplete="off"
              value={values[key] ?? ""}
              onChange={(_, data) => setValues({ ...values, [key]: data.value })}
            />
          </Field>
        ),
      )}
      {make.error !== null && <ErrorMessage error={make.error} />}
      <div className={styles.actions}>
        <Button type="submit" appearance="primary" disabledFocusable={make.isPending}>
          {t("cloud.createConnection")}
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{t("common.cancel")}</Button>}
      </div>
    </form>
  );
}

function MachineField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const groups = useQuery(endpointQuery("GET /groups", {}, { topics: ["groups", "machines"] }));
  const chosen = groups.data?.items.find((one) => one.id === value);
  if (groups.error !== null) return <ErrorMessage error={groups.error} />;
  if (groups.data?.items.length === 0) {
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>{t("cloud.noMachines")}</MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <Field label={label} required>
      <Dropdown value={chosen?.name ?? ""} selectedOptions={[value]} onOptionSelect={(_, data) => onChange(data.optionValue ?? "")}>
        {(groups.data?.items ?? []).map((one) => (
          <Option key={one.id} value={one.id} text={one.name}>
            {`${one.name} · ${t("cloud.machinesConnected", { count: one.connected })}`}
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}

function text(property: Json, name: string): string {
  const value = valueAt(property, [name]);
  return typeof value === "string" ? value : "";
}

function typedParameters(schema: JsonObject | undefined, values: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const type = valueAt(schema, ["properties", key, "type"]);
      return [key, type === "integer" ? Number(value) : type === "boolean" ? value === "true" : value];
    }),
  );
}
