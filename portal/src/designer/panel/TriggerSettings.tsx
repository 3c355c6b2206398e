import { Button, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useDesigner } from "@/designer/cloud/context";
import { ValueField } from "@/designer/expressions/ValueField";
import { objectOf, valueAt, withValueAt, type Json, type JsonObject } from "@/designer/model/cloud/json";
import { t } from "@/strings/text";
import { Secure } from "./StepSettings";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  group: { margin: 0, padding: 0, border: "none", display: "flex", flexDirection: "column", gap: "8px" },
  legend: { padding: 0, marginBottom: "4px", fontWeight: tokens.fontWeightSemibold },
  hint: { margin: 0, color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  row: { display: "flex", gap: "4px", alignItems: "flex-end", "& > :first-child": { flex: "1 1 auto" } },
  add: { alignSelf: "flex-start" },
});

const RUNS = ["runtimeConfiguration", "concurrency", "runs"];

/** How a trigger behaves: when it starts a run, how many, and what of it is hidden. */
export function TriggerSettings({ chosen }: { readonly chosen: ChosenStep }) {
  const { readOnly } = useDesigner();
  const { step, name, change } = chosen;
  const put = (path: readonly string[], value: Json | undefined) => change(withValueAt(step, path, value) as JsonObject, `${name}/${path.join("/")}`);
  return (
    <>
      <Conditions chosen={chosen} />
      <ValueField step={name} label={t("cloud.trigger.splitOn")} type="string" hint={t("cloud.trigger.splitOnHint")} value={step["splitOn"]} onChange={(value) => put(["splitOn"], value)} />
      <Field label={t("cloud.trigger.concurrency")} hint={t("cloud.trigger.concurrencyHint")}>
        <Input
          type="number"
          min={1}
          max={100}
          readOnly={readOnly}
          value={String(valueAt(step, RUNS) ?? "")}
          onChange={(_, data) => put(RUNS, data.value === "" ? undefined : Number(data.value))}
        />
      </Field>
      <Secure chosen={chosen} side="inputs" label={t("cloud.secureInputs")} />
      <Secure chosen={chosen} side="outputs" label={t("cloud.secureOutputs")} />
    </>
  );
}

/** *Trigger conditions*: expressions that must all be true. */
function Conditions({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { readOnly } = useDesigner();
  const { step, name, change } = chosen;
  const listed = Array.isArray(step["conditions"]) ? (step["conditions"] as readonly Json[]) : [];
  const put = (next: readonly Json[], subject?: string) => change(withValueAt(step, ["conditions"], next.length === 0 ? undefined : next) as JsonObject, subject);
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t("cloud.trigger.conditions")}</legend>
      <p className={styles.hint}>{t("cloud.trigger.conditionsHint")}</p>
      {listed.map((one, index) => (
        <div key={index} className={styles.row}>
          <ValueField
            step={name}
            label={t("cloud.trigger.condition", { number: index + 1 })}
            type="expression"
            required
            value={valueAt(one, ["expression"])}
            onChange={(value) => put(listed.map((other, at) => (at === index ? { ...objectOf(other), expression: value ?? "" } : other)), `${name}/condition${index}`)}
          />
          {!readOnly && (
            <Button
              appearance="subtle"
              icon={<Delete20Regular />}
              aria-label={t("cloud.trigger.removeCondition", { number: index + 1 })}
              onClick={() => put(listed.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Button className={styles.add} icon={<Add20Regular />} onClick={() => put([...listed, { expression: "" }])}>
          {t("cloud.trigger.addCondition")}
        </Button>
      )}
    </fieldset>
  );
}
