import { Button, Dropdown, Field, Input, Option, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import type { BroughtReference, ConnectionRow, Inspection } from "@/api/portal";
import { ConnectorTitle, useConnectorTitle } from "@/components/ConnectorTitle";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Panel } from "@/components/Panel";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { fittingOf, type Bindings } from "./bindings";
import { connectorName } from "./connectorName";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "12px", maxWidth: "640px" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  buttons: { display: "flex", gap: "8px" },
});

interface MapStepProps {
  readonly found: Inspection;
  readonly bindings: Bindings;
  readonly variables: Readonly<Record<string, string>>;
  readonly onBindings: (bindings: Bindings) => void;
  readonly onVariables: (variables: Readonly<Record<string, string>>) => void;
  readonly error: Error | null;
  readonly isStoring: boolean;
  readonly onBack: () => void;
  readonly onStore: () => void;
}

/** Where the flows sign in here, and what their variables hold. */
export function MapStep(props: MapStepProps) {
  const styles = useStyles();
  const { found, bindings, variables } = props;
  const connections = useQuery(endpointQuery("GET /connections"));
  return (
    <>
      {found.references.length > 0 && (
        <Panel title={t("import.references")}>
          <p className={styles.quiet}>{t("import.referencesText")}</p>
          <div className={styles.form}>
            {found.references.map((reference) => (
              <ReferenceField
                key={reference.logicalName}
                reference={reference}
                connections={connections.data?.items ?? []}
                chosen={bindings[reference.logicalName] ?? ""}
                onChoose={(name) => props.onBindings({ ...bindings, [reference.logicalName]: name })}
              />
            ))}
          </div>
        </Panel>
      )}
      {found.variables.length > 0 && (
        <Panel title={t("import.variables")}>
          <p className={styles.quiet}>{t("import.variablesText")}</p>
          <div className={styles.form}>
            {found.variables.map((variable) => (
              <Field key={variable.schemaName} label={variable.displayName} hint={variable.isSet ? t("import.variableKept") : variable.schemaName}>
                <Input
                  value={variable.isSet ? (variable.value ?? "") : (variables[variable.schemaName] ?? "")}
                  disabled={variable.isSet}
                  onChange={(_, data) => props.onVariables({ ...variables, [variable.schemaName]: data.value })}
                />
              </Field>
            ))}
          </div>
        </Panel>
      )}
      {found.references.length === 0 && found.variables.length === 0 && <p className={styles.quiet}>{t("import.nothingToMap")}</p>}
      {props.error !== null && <ErrorMessage error={props.error} />}
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{t("import.back")}</Button>
        <Button appearance="primary" autoFocus disabledFocusable={props.isStoring} onClick={props.onStore}>
          {t(props.isStoring ? "import.storing" : "import.store", { count: found.flows.length })}
        </Button>
      </div>
    </>
  );
}

interface ReferenceFieldProps {
  readonly reference: BroughtReference;
  readonly connections: readonly ConnectionRow[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

function ReferenceField({ reference, connections, chosen, onChoose }: ReferenceFieldProps) {
  const name = connectorName(reference.connector);
  const connector = useConnectorTitle(name);
  const fitting = fittingOf(reference, connections);
  const current = fitting.find((one) => one.name === chosen);
  return (
    <Field
      label={reference.displayName}
      hint={<ConnectorTitle name={name} />}
      {...(fitting.length === 0
        ? { validationState: "warning" as const, validationMessage: t("import.noConnection", { connector }) }
        : {})}
    >
      <Dropdown
        value={current?.displayName ?? t("import.later")}
        selectedOptions={[chosen]}
        onOptionSelect={(_, data) => onChoose(data.optionValue ?? "")}
      >
        <Option value="">{t("import.later")}</Option>
        {fitting.map((one) => (
          <Option key={one.name} value={one.name} text={one.displayName}>
            <UserText>{one.target === null || one.target === one.displayName ? one.displayName : `${one.displayName} (${one.target})`}</UserText>
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}
