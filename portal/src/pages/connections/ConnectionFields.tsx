import { Button, Dropdown, Field, Input, Option, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import type { SchemaField } from "./schema";

const useStyles = makeStyles({
  field: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: "2px", "> *": { width: "100%" } },
  toggle: { width: "auto", minWidth: 0, paddingLeft: 0, color: tokens.colorBrandForegroundLink },
});

/** What is typed of a connection's parameters, and which of them a credential gives. */
export interface Filled {
  readonly typed: Readonly<Record<string, string>>;
  readonly named: Readonly<Record<string, string>>;
}

export const NOTHING_FILLED: Filled = { typed: {}, named: {} };

interface ConnectionFieldsProps {
  readonly fields: readonly SchemaField[];
  /** The parameter that is a machine group, for connections of desktop flows. */
  readonly target: string | undefined;
  readonly filled: Filled;
  readonly wrong: ReadonlySet<string>;
  /** Whether secrets that are left empty stay as they are. */
  readonly keepsSecrets?: boolean;
  readonly onChange: (filled: Filled) => void;
}

/** The fields of what a connection holds; texts and secrets may come from a credential. */
export function ConnectionFields({ fields, target, filled, wrong, keepsSecrets = false, onChange }: ConnectionFieldsProps) {
  return fields.map((field) => (
    <ConnectionInput
      key={field.name}
      field={keepsSecrets && field.kind === "secret" ? { ...field, required: false, description: t("connections.keepSecret") } : field}
      isTarget={field.name === target}
      value={filled.typed[field.name] ?? ""}
      credential={filled.named[field.name]}
      wrong={wrong.has(field.name)}
      onChange={(value) => onChange({ ...filled, typed: { ...filled.typed, [field.name]: value } })}
      onCredential={(id) => {
        const others = Object.entries(filled.named).filter(([name]) => name !== field.name);
        onChange({ ...filled, named: Object.fromEntries(id === undefined ? others : [...others, [field.name, id]]) });
      }}
    />
  ));
}

interface ConnectionInputProps {
  readonly field: SchemaField;
  readonly isTarget: boolean;
  readonly value: string;
  readonly credential: string | undefined;
  readonly wrong: boolean;
  readonly onChange: (value: string) => void;
  readonly onCredential: (id: string | undefined) => void;
}

function ConnectionInput({ field, isTarget, value, credential, wrong, onChange, onCredential }: ConnectionInputProps) {
  const styles = useStyles();
  if (field.kind === "boolean") {
    return <Switch label={field.title} checked={value === "true"} onChange={(_, data) => onChange(String(data.checked))} />;
  }
  const missing = value === "" ? t("run.fault.missing") : t("run.fault.notNumber");
  const fault = wrong ? { validationMessage: missing } : {};
  const takesCredential = !isTarget && (field.kind === "secret" || field.kind === "text");
  if (credential !== undefined) {
    return (
      <div className={styles.field}>
        <Field label={t("connections.credential", { field: field.title })} required={field.required} {...fault}>
          <CredentialChoice value={credential} onChange={onCredential} />
        </Field>
        <Button size="small" appearance="transparent" className={styles.toggle} onClick={() => onCredential(undefined)}>
          {t("connections.typeInstead", { field: field.title })}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.field}>
      <Field label={field.title} hint={field.description} required={field.required} {...fault}>
        {isTarget ? (
          <GroupChoice value={value} onChange={onChange} />
        ) : field.kind === "choice" ? (
          <Dropdown value={value} selectedOptions={[value]} onOptionSelect={(_, data) => onChange(data.optionValue ?? "")}>
            {field.choices.map((choice) => (
              <Option key={choice} value={choice}>
                {choice}
              </Option>
            ))}
          </Dropdown>
        ) : (
          <Input
            type={field.kind === "secret" ? "password" : "text"}
            autoComplete={field.kind === "secret" ? "new-password" : "off"}
            value={value}
            onChange={(_, data) => onChange(data.value)}
          />
        )}
      </Field>
      {takesCredential && (field.kind === "secret" || /user|account|client/i.test(field.name)) && (
        <Button size="small" appearance="transparent" className={styles.toggle} onClick={() => onCredential("")}>
          {t("connections.useCredential", { field: field.title })}
        </Button>
      )}
    </div>
  );
}

function CredentialChoice({ value, onChange, ...field }: { readonly value: string; readonly onChange: (id: string) => void }) {
  const known = useQuery(endpointQuery("GET /credentials"));
  const items = known.data?.items ?? [];
  const chosen = items.find((one) => one.id === value);
  return (
    <Dropdown
      {...field}
      value={chosen?.name ?? (value === "" ? "" : t("connections.hiddenCredential"))}
      selectedOptions={[value]}
      placeholder={known.data !== undefined && items.length === 0 ? t("connections.noCredentials") : ""}
      onOptionSelect={(_, data) => onChange(data.optionValue ?? "")}
    >
      {items.map((one) => (
        <Option key={one.id} value={one.id} text={one.name}>
          <UserText>{one.name}</UserText>
        </Option>
      ))}
    </Dropdown>
  );
}

function GroupChoice({ value, onChange, ...field }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const groups = useQuery(endpointQuery("GET /groups", {}, { topics: ["groups", "machines"] }));
  const items = groups.data?.items ?? [];
  return (
    <Dropdown
      {...field}
      value={items.find((one) => one.id === value)?.name ?? ""}
      selectedOptions={[value]}
      onOptionSelect={(_, data) => onChange(data.optionValue ?? "")}
    >
      {items.map((one) => (
        <Option key={one.id} value={one.id} text={one.name}>
          <UserText>{one.name}</UserText>
        </Option>
      ))}
    </Dropdown>
  );
}
