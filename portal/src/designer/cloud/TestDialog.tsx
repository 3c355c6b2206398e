import { Checkbox, Dropdown, Field, Input, Option, makeStyles } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/FormDialog";
import { absolute } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { objectOf, valueAt, type Json } from "@/designer/model/cloud/json";
import { triggerOf } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { useDesigner } from "./context";
import { runsQuery, startTest } from "./runs";

const useStyles = makeStyles({ text: { margin: 0 } });

interface TestDialogProps {
  readonly onStarted: (run: string | undefined) => void;
  readonly onClose: () => void;
}

/** Starts the flow as it is saved: with inputs, or with what the trigger saw in an earlier run. */
export function TestDialog({ onStarted, onClose }: TestDialogProps) {
  const styles = useStyles();
  const { flowId, definition } = useDesigner();
  const client = useQueryClient();
  const { zone } = usePreferences();
  const trigger = triggerOf(definition);
  const runs = useQuery(runsQuery(flowId));
  const [earlier, setEarlier] = useState("");
  const [values, setValues] = useState<Readonly<Record<string, string | boolean>>>({});
  const inputs = Object.entries(objectOf(valueAt(trigger?.trigger, ["inputs", "schema", "properties"])));
  const start = async () => {
    const name = await (earlier === "" ? startTest(flowId, bodyOf(inputs, values)) : startTest(flowId, {}, earlier));
    void client.invalidateQueries({ queryKey: ["cloud runs", flowId] });
    onStarted(name);
  };
  const chosen = runs.data?.value.find((one) => one.name === earlier);
  const title = (run: { readonly properties: { readonly startTime: string } }) => t("cloud.testEarlier", { time: absolute(new Date(run.properties.startTime), zone) });
  return (
    <FormDialog title={t("cloud.testTitle")} action={t("cloud.runFlow")} isComplete onSubmit={start} onClose={onClose}>
      <p className={styles.text}>{t("cloud.testText")}</p>
      {(runs.data?.value.length ?? 0) > 0 && (
        <Field label={t("cloud.testWith")}>
          <Dropdown value={chosen === undefined ? t("cloud.testManually") : title(chosen)} selectedOptions={[earlier]} onOptionSelect={(_, data) => setEarlier(data.optionValue ?? "")}>
            <Option value="">{t("cloud.testManually")}</Option>
            {(runs.data?.value ?? []).slice(0, 10).map((one) => (
              <Option key={one.name} value={one.name} text={title(one)}>
                {title(one)}
              </Option>
            ))}
          </Dropdown>
        </Field>
      )}
      {earlier === "" &&
        inputs.map(([key, schema]) => (
          <TriggerInput key={key} label={String(valueAt(schema, ["title"]) ?? key)} type={String(valueAt(schema, ["type"]) ?? "string")} value={values[key]} onChange={(value) => setValues({ ...values, [key]: value })} />
        ))}
    </FormDialog>
  );
}

interface TriggerInputProps {
  readonly label: string;
  readonly type: string;
  readonly value: string | boolean | undefined;
  readonly onChange: (value: string | boolean) => void;
}

function TriggerInput({ label, type, value, onChange }: TriggerInputProps) {
  if (type === "boolean") return <Checkbox label={label} checked={value === true} onChange={(_, data) => onChange(data.checked === true)} />;
  const isNumber = type === "number" || type === "integer";
  return (
    <Field label={label}>
      <Input type={isNumber ? "number" : "text"} value={typeof value === "string" ? value : ""} onChange={(_, data) => onChange(data.value)} />
    </Field>
  );
}

function bodyOf(inputs: readonly (readonly [string, Json])[], values: Readonly<Record<string, string | boolean>>): Record<string, unknown> {
  return Object.fromEntries(
    inputs
      .filter(([key]) => values[key] !== undefined && values[key] !== "")
      .map(([key, schema]) => [key, ["number", "integer"].includes(String(valueAt(schema, ["type"]))) ? Number(values[key]) : values[key]]),
  );
}
