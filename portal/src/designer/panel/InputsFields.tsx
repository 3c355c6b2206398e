import { Button, Dropdown, Field, Input, Option, makeStyles } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useDesigner } from "@/designer/cloud/context";
import { freeName } from "@/designer/model/cloud/document";
import { objectOf, valueAt, withValueAt, without, type Json, type JsonObject } from "@/designer/model/cloud/json";
import { t, type TextKey } from "@/strings/text";
import { spoken } from "@/strings/visible";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  row: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) 110px 32px", gap: "8px", alignItems: "flex-end" },
  add: { alignSelf: "flex-start" },
});

const TYPES: Readonly<Record<string, TextKey>> = { string: "cloud.input.text", number: "cloud.input.number", boolean: "cloud.input.boolean" };
const KEYS: Readonly<Record<string, string>> = { string: "text", number: "number", boolean: "boolean" };
const SCHEMA = ["inputs", "schema"];

/** What *Manually trigger a flow* asks of who presses the button. */
export function InputsFields({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { readOnly } = useDesigner();
  const { step, change } = chosen;
  const properties = objectOf(valueAt(step, [...SCHEMA, "properties"]));
  const required = valueAt(step, [...SCHEMA, "required"]);
  const names = Array.isArray(required) ? (required as readonly Json[]).map(String) : [];
  const put = (next: JsonObject, needed: readonly string[], subject?: string) => {
    const schema = { ...objectOf(valueAt(step, SCHEMA)), type: "object", properties: next, required: needed };
    change(withValueAt(step, SCHEMA, schema) as JsonObject, subject);
  };
  const add = () => {
    const key = freeName("text", new Set(Object.keys(properties)));
    const title = t("cloud.input.default");
    put({ ...properties, [key]: { title, type: "string", "x-ms-dynamically-added": true, "x-ms-content-hint": "TEXT" } }, [...names, key]);
  };
  const retype = (key: string, type: string) => {
    const { title } = objectOf(properties[key]);
    const rest = without(properties, key);
    const free = freeName(KEYS[type] ?? "text", new Set(Object.keys(rest)));
    const hint = type === "string" ? "TEXT" : type.toUpperCase();
    put({ ...rest, [free]: { title: title ?? "", type, "x-ms-dynamically-added": true, "x-ms-content-hint": hint } }, [...names.filter((one) => one !== key), free]);
  };
  return (
    <>
      {Object.entries(properties).map(([key, one], index) => {
        const title = String(valueAt(one, ["title"]) ?? key);
        const type = String(valueAt(one, ["type"]) ?? "string");
        return (
          <div key={index} className={styles.row}>
            <Field label={t("cloud.input.name", { number: index + 1 })}>
              <Input
                value={title}
                readOnly={readOnly}
                onChange={(_, data) => put({ ...properties, [key]: { ...objectOf(one), title: data.value } }, names, `input/${key}`)}
              />
            </Field>
            <Dropdown
              aria-label={spoken(`${title}: ${t(TYPES[type] ?? "cloud.input.text")}`)}
              style={{ minWidth: 0 }}
              disabled={readOnly}
              value={t(TYPES[type] ?? "cloud.input.text")}
              selectedOptions={[type]}
              onOptionSelect={(_, data) => retype(key, data.optionValue ?? "string")}
            >
              {Object.entries(TYPES).map(([value, text]) => (
                <Option key={value} value={value}>
                  {t(text)}
                </Option>
              ))}
            </Dropdown>
            {!readOnly && (
              <Button
                appearance="subtle"
                icon={<Delete20Regular />}
                aria-label={t("cloud.input.remove", { name: title })}
                onClick={() => put(without(properties, key), names.filter((name) => name !== key))}
              />
            )}
          </div>
        );
      })}
      {!readOnly && (
        <Button className={styles.add} icon={<Add20Regular />} onClick={add}>
          {t("cloud.input.add")}
        </Button>
      )}
    </>
  );
}
