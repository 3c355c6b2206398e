import { Checkbox, Dropdown, Field, Input, Option, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { useDesigner } from "@/designer/cloud/context";
import { ValueField } from "@/designer/expressions/ValueField";
import { isObject, valueAt, withValueAt, type Json, type JsonObject } from "@/designer/model/cloud/json";
import { shownName } from "@/designer/model/cloud/making";
import { actionOffer, operationOf } from "@/designer/model/cloud/offers";
import { runAfterOf, typeOf } from "@/designer/model/cloud/structure";
import { t, type TextKey } from "@/strings/text";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  group: { margin: 0, padding: 0, border: "none", display: "flex", flexDirection: "column", gap: "4px" },
  legend: { padding: 0, marginBottom: "4px", fontWeight: tokens.fontWeightSemibold },
  checks: { display: "flex", flexWrap: "wrap" },
});

const STATUSES = ["Succeeded", "Failed", "Skipped", "TimedOut"] as const;
const SECURE = ["runtimeConfiguration", "secureData", "properties"];
const REPETITIONS = ["runtimeConfiguration", "concurrency", "repetitions"];

/** How a step behaves: when it runs, how long it may take, what is tried again, what is hidden. */
export function StepSettings({ chosen }: { readonly chosen: ChosenStep }) {
  const { readOnly, document, palette } = useDesigner();
  const { step, name, change } = chosen;
  const offer = actionOffer(step, palette);
  const retried = offer?.retried === true || operationOf(step, document, palette) !== undefined;
  const limited = offer?.limited === true || operationOf(step, document, palette) !== undefined;
  const put = (path: readonly string[], value: Json | undefined) => change(withValueAt(step, path, value) as JsonObject, `${name}/${path.join("/")}`);
  return (
    <>
      <RunAfter chosen={chosen} />
      {limited && (
        <ValueField step={name} label={t("cloud.timeout")} type="duration" hint={t("cloud.timeoutHint")} value={valueAt(step, ["limit", "timeout"])} onChange={(value) => put(["limit", "timeout"], value)} />
      )}
      {retried && <RetryPolicy chosen={chosen} />}
      {typeOf(step) === "foreach" && (
        <Field label={t("cloud.concurrency")} hint={t("cloud.concurrencyHint")}>
          <Input
            type="number"
            min={1}
            max={50}
            readOnly={readOnly}
            value={String(valueAt(step, REPETITIONS) ?? "")}
            onChange={(_, data) => put(REPETITIONS, data.value === "" ? undefined : Number(data.value))}
          />
        </Field>
      )}
      <Secure chosen={chosen} side="inputs" label={t("cloud.secureInputs")} />
      <Secure chosen={chosen} side="outputs" label={t("cloud.secureOutputs")} />
      <ValueField step={name} label={t("cloud.tracked")} type="object" value={step["trackedProperties"]} onChange={(value) => put(["trackedProperties"], value)} />
    </>
  );
}

/** *Run after*: the ends of the steps above that let this one begin. */
function RunAfter({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { readOnly } = useDesigner();
  const { step, change } = chosen;
  const runAfter = runAfterOf(step);
  return Object.entries(runAfter).map(([above, statuses]) => {
    const given = Array.isArray(statuses) ? (statuses as readonly Json[]).map((one) => String(one).toLowerCase()) : [];
    const toggle = (status: string, checked: boolean) => {
      const next = STATUSES.filter((one) => (one === status ? checked : given.includes(one.toLowerCase())));
      if (next.length > 0) change({ ...step, runAfter: { ...runAfter, [above]: next } });
    };
    return (
      <fieldset key={above} className={styles.group}>
        <legend className={styles.legend}>{`${t("cloud.runAfter")}: ${shownName(above)}`}</legend>
        <div className={styles.checks}>
          {STATUSES.map((status) => (
            <Checkbox
              key={status}
              disabled={readOnly}
              label={t(`cloud.status.${status}` as TextKey)}
              checked={given.includes(status.toLowerCase())}
              onChange={(_, data) => toggle(status, data.checked === true)}
            />
          ))}
        </div>
      </fieldset>
    );
  });
}

const POLICIES: Readonly<Record<string, TextKey>> = { "": "cloud.retry.default", none: "cloud.retry.none", fixed: "cloud.retry.fixed", exponential: "cloud.retry.exponential" };

function RetryPolicy({ chosen }: { readonly chosen: ChosenStep }) {
  const { readOnly } = useDesigner();
  const { step, name, change } = chosen;
  const path = ["inputs", "retryPolicy"];
  const policy = valueAt(step, path);
  const type = isObject(policy) ? String(policy["type"] ?? "") : "";
  const put = (value: Json | undefined, subject?: string) => change(withValueAt(step, path, value) as JsonObject, subject);
  const choose = (wanted: string) => {
    if (wanted === "") put(undefined);
    else put(wanted === "none" ? { type: "none" } : { type: wanted, count: 4, interval: "PT10S" });
  };
  return (
    <>
      <Field label={t("cloud.retry")}>
        <Dropdown disabled={readOnly} value={t(POLICIES[type] ?? "cloud.retry.default")} selectedOptions={[type]} onOptionSelect={(_, data) => choose(data.optionValue ?? "")}>
          {Object.entries(POLICIES).map(([value, text]) => (
            <Option key={value} value={value}>
              {t(text)}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {isObject(policy) && (type === "fixed" || type === "exponential") && (
        <>
          <ValueField step={name} label={t("cloud.retryCount")} type="integer" required value={policy["count"]} onChange={(value) => put({ ...policy, count: value ?? "" }, `${name}/count`)} />
          <ValueField step={name} label={t("cloud.retryInterval")} type="duration" required hint={t("cloud.timeoutHint")} value={policy["interval"]} onChange={(value) => put({ ...policy, interval: value ?? "" }, `${name}/interval`)} />
        </>
      )}
    </>
  );
}

export function Secure({ chosen, side, label }: { readonly chosen: ChosenStep; readonly side: string; readonly label: string }) {
  const { readOnly } = useDesigner();
  const { step, change } = chosen;
  const listed = valueAt(step, SECURE);
  const hidden = Array.isArray(listed) ? (listed as readonly Json[]).map(String) : [];
  const toggle = (checked: boolean) => {
    const next = checked ? [...hidden, side] : hidden.filter((one) => one !== side);
    change(withValueAt(step, next.length > 0 ? SECURE : SECURE.slice(0, 2), next.length > 0 ? next : undefined) as JsonObject);
  };
  return <Switch label={label} disabled={readOnly} checked={hidden.includes(side)} onChange={(_, data) => toggle(data.checked)} />;
}
