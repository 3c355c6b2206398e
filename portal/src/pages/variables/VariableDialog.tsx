import { Dropdown, Field, Input, Option, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { portal, type VariableRow, type VariableType } from "@/api/portal";
import { FormDialog } from "@/components/FormDialog";
import { t } from "@/strings/text";
import { typeName, wordOf } from "./variableText";

const LONGEST = 100_000;
const LONGEST_DEFAULT = 2_000;
const TYPES: readonly VariableType[] = ["text", "number", "boolean", "json"];
const ANSWERS = ["", "yes", "no"] as const;

interface ValueFieldProps {
  readonly label: string;
  readonly type: VariableType;
  readonly value: string;
  readonly most: number;
  readonly onChange: (value: string) => void;
}

/** A field for a value of a variable's type. */
function ValueField({ label, type, value, most, onChange }: ValueFieldProps) {
  if (type === "boolean") {
    return (
      <Field label={label}>
        <Dropdown value={wordOf(value)} selectedOptions={[value]} onOptionSelect={(_, data) => onChange(data.optionValue ?? "")}>
          {ANSWERS.map((answer) => (
            <Option key={answer} value={answer}>
              {wordOf(answer)}
            </Option>
          ))}
        </Dropdown>
      </Field>
    );
  }
  return (
    <Field label={label}>
      {type === "json" ? (
        <Textarea value={value} maxLength={most} rows={4} resize="vertical" onChange={(_, data) => onChange(data.value)} />
      ) : (
        <Input value={value} maxLength={most} inputMode={type === "number" ? "decimal" : "text"} onChange={(_, data) => onChange(data.value)} />
      )}
    </Field>
  );
}

interface VariableDialogProps {
  /** The variable to change; none makes a new one. */
  readonly variable?: VariableRow;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Makes an environment variable, or changes one. */
export function VariableDialog({ variable, onDone, onClose }: VariableDialogProps) {
  const [displayName, setDisplayName] = useState(variable?.displayName ?? "");
  const [schemaName, setSchemaName] = useState("");
  const [type, setType] = useState<VariableType>(variable?.type ?? "text");
  const [description, setDescription] = useState(variable?.description ?? "");
  const [standard, setStandard] = useState(variable?.default ?? "");
  const [value, setValue] = useState(variable?.value ?? "");
  const isSecret = type === "secret";
  const send = async () => {
    const given = { default: standard === "" ? null : standard, value: value === "" ? null : value, description, displayName: displayName.trim() };
    if (variable === undefined) await portal("POST /variables", { body: { ...given, type, schemaName: schemaName.trim() || null } });
    else await portal("PUT /variables/{variableId}", { path: { variableId: variable.id }, body: given });
    await onDone();
  };
  return (
    <FormDialog
      title={variable === undefined ? t("variables.newTitle") : t("variables.editTitle", { name: variable.displayName })}
      action={t(variable === undefined ? "variables.create" : "variables.editAction")}
      isComplete={displayName.trim() !== ""}
      onSubmit={send}
      onClose={onClose}
    >
      <Field label={t("variables.displayName")} required>
        <Input autoFocus value={displayName} maxLength={100} onChange={(_, data) => setDisplayName(data.value)} />
      </Field>
      {variable === undefined && (
        <>
          <Field label={t("variables.schemaName")} hint={t("variables.schemaHint")}>
            <Input value={schemaName} maxLength={100} onChange={(_, data) => setSchemaName(data.value)} />
          </Field>
          <Field label={t("variables.type")} hint={t("variables.typeHint")}>
            <Dropdown value={typeName(type)} selectedOptions={[type]} onOptionSelect={(_, data) => setType(data.optionValue as VariableType)}>
              {TYPES.map((one) => (
                <Option key={one} value={one}>
                  {typeName(one)}
                </Option>
              ))}
            </Dropdown>
          </Field>
        </>
      )}
      <Field label={t("variables.description")}>
        <Input value={description} maxLength={2_000} onChange={(_, data) => setDescription(data.value)} />
      </Field>
      {isSecret && <p>{t("variables.secretText")}</p>}
      {!isSecret && <ValueField label={t("variables.default")} type={type} value={standard} most={LONGEST_DEFAULT} onChange={setStandard} />}
      {!isSecret && <ValueField label={t("variables.value")} type={type} value={value} most={LONGEST} onChange={setValue} />}
    </FormDialog>
  );
}
