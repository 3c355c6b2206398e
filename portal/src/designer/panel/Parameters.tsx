import { makeStyles, tokens } from "@fluentui/react-components";
import { useDesigner } from "@/designer/cloud/context";
import { ValueField } from "@/designer/expressions/ValueField";
import { valueAt, withValueAt, type JsonObject } from "@/designer/model/cloud/json";
import { actionOffer, isConnectorCall, operationFields, operationOf, triggerOffer, type FieldOffer } from "@/designer/model/cloud/offers";
import { typeOf } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { CaseFields } from "./CaseFields";
import { ConditionFields } from "./ConditionFields";
import { ConnectionField, useStepConnection } from "./ConnectionField";
import { DesktopFlowFields } from "./DesktopFlowFields";
import { InputsFields } from "./InputsFields";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({ quiet: { margin: 0, color: tokens.colorNeutralForeground2 } });

/** The fields of a step, as its declaration has them. */
export function Parameters({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { document, palette } = useDesigner();
  const { step } = chosen;
  const known = operationOf(step, document, palette);
  const connection = useStepConnection(chosen, known?.connector);
  if (chosen.isTrigger) {
    const offer = triggerOffer(step, document, palette);
    if (typeOf(step) === "request" && String(step["kind"]).toLowerCase() === "button") return <InputsFields chosen={chosen} />;
    return offer === undefined ? <p className={styles.quiet}>{t("cloud.notBuilt")}</p> : <Fields chosen={chosen} fields={offer.fields.map(split)} />;
  }
  if (isConnectorCall(step)) {
    if (known === undefined) return <p className={styles.quiet}>{t("cloud.notBuilt")}</p>;
    return (
      <>
        {known.connector.asks && <ConnectionField connector={known.connector} connection={connection} />}
        {(!known.connector.asks || connection.bound !== undefined) &&
          (known.operation.dynamic["uiFlowId"] === undefined ? (
            <Fields chosen={chosen} fields={operationFields(known)} />
          ) : (
            <DesktopFlowFields chosen={chosen} fields={operationFields(known)} />
          ))}
      </>
    );
  }
  if (typeOf(step) === "if") return <ConditionFields chosen={chosen} />;
  const fields = actionOffer(step, palette)?.fields.map(split);
  if (fields === undefined) return <p className={styles.quiet}>{t("cloud.notBuilt")}</p>;
  return (
    <>
      <Fields chosen={chosen} fields={fields.filter((one) => one.path[0] !== "runtimeConfiguration")} />
      {typeOf(step) === "switch" && <CaseFields chosen={chosen} />}
    </>
  );
}

function split(one: { readonly path: string; readonly title: string; readonly type: string; readonly required: boolean; readonly options: readonly string[]; readonly doc: string }): FieldOffer {
  return { ...one, path: one.path.split("/") };
}

interface FieldsProps {
  readonly chosen: ChosenStep;
  readonly fields: readonly FieldOffer[];
}

/** Fields one below the other; those that must be filled come as they are declared. */
export function Fields({ chosen, fields }: FieldsProps) {
  const styles = useStyles();
  if (fields.length === 0) return <p className={styles.quiet}>{t("cloud.nothingToFill")}</p>;
  return fields.map((field) => <OneField key={field.path.join("/")} chosen={chosen} field={field} />);
}

function OneField({ chosen, field }: { readonly chosen: ChosenStep; readonly field: FieldOffer }) {
  const { step, name, change } = chosen;
  return (
    <ValueField
      key={`${name}/${field.path.join("/")}`}
      step={name}
      label={field.title}
      type={field.type}
      required={field.required}
      hint={field.doc === "" ? undefined : field.doc}
      options={field.options}
      value={valueAt(step, field.path)}
      onChange={(value) => change(withValueAt(step, field.path, value) as JsonObject, `${name}/${field.path.join("/")}`)}
    />
  );
}
