import { Field, Input, Switch, Textarea, makeStyles } from "@fluentui/react-components";
import type { FlowParameter } from "@/api/portal";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";
import { kindOf, type InputFault, type Typed } from "./inputs";

const useStyles = makeStyles({ code: { fontFamily: "monospace" } });

export const FAULTS: Readonly<Record<InputFault, TextKey>> = {
  missing: "run.fault.missing",
  notNumber: "run.fault.notNumber",
  notJson: "run.fault.notJson",
  notObject: "run.fault.notObject",
  notList: "run.fault.notList",
};

interface InputFieldProps {
  readonly parameter: FlowParameter;
  readonly value: Typed;
  readonly fault: InputFault | undefined;
  readonly keeps: boolean;
  readonly first: boolean;
  readonly onChange: (value: Typed) => void;
  readonly onLeave: () => void;
}

/** One input of a flow, as its type wants it. */
export function InputField({ parameter, value, fault, keeps, first, onChange, onLeave }: InputFieldProps) {
  const styles = useStyles();
  const kind = kindOf(parameter);
  const isNeeded = parameter.required && !(parameter.sensitive && keeps);
  const text = typeof value === "string" ? value : "";
  if (kind === "boolean") {
    return (
      <Field hint={parameter.description}>
        <Switch checked={value === true} label={parameter.name} autoFocus={first} onChange={(_, data) => onChange(data.checked)} />
      </Field>
    );
  }
  return (
    <Field
      label={{ children: <UserText>{parameter.name}</UserText> }}
      hint={parameter.description}
      required={isNeeded}
      {...(fault === undefined ? {} : { validationMessage: t(FAULTS[fault]) })}
    >
      {kind === "json" ? (
        <Textarea
          value={text}
          autoFocus={first}
          resize="vertical"
          textarea={{ className: styles.code, spellCheck: false }}
          onChange={(_, data) => onChange(data.value)}
          onBlur={onLeave}
        />
      ) : (
        <Input
          type={parameter.sensitive ? "password" : "text"}
          autoComplete="off"
          {...(kind === "number" ? { inputMode: "decimal" as const } : {})}
          {...(parameter.sensitive && keeps ? { placeholder: t("run.keptSensitive") } : {})}
          value={text}
          autoFocus={first}
          onChange={(_, data) => onChange(data.value)}
          onBlur={onLeave}
        />
      )}
    </Field>
  );
}
