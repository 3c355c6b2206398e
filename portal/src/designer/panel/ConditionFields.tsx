import { Button, Dropdown, Field, Option, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useDesigner } from "@/designer/cloud/context";
import { ValueField } from "@/designer/expressions/ValueField";
import { OPERATORS, readCondition, writeCondition, type Condition, type ConditionRow } from "@/designer/model/cloud/conditions";
import { t } from "@/strings/text";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  row: {
    display: "flex",
    flexDirection: "column",
    gap: "8px",
    padding: "12px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: "8px",
  },
  remove: { alignSelf: "flex-end" },
  add: { alignSelf: "flex-start" },
});

/** A condition as rows of comparisons; one that is written otherwise is JSON. */
export function ConditionFields({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { readOnly } = useDesigner();
  const { step, name, change } = chosen;
  const condition = readCondition(step["expression"]);
  if (condition === undefined) {
    return (
      <ValueField
        step={name}
        label={t("cloud.condition")}
        type="expression"
        required
        value={step["expression"]}
        onChange={(value) => change({ ...step, expression: value ?? "" }, `${name}/expression`)}
      />
    );
  }
  const put = (next: Condition, subject?: string) => change({ ...step, expression: writeCondition(next) }, subject);
  const putRow = (index: number, row: ConditionRow, subject?: string) =>
    put({ ...condition, rows: condition.rows.map((one, at) => (at === index ? row : one)) }, subject);
  return (
    <>
      <Field label={t("cloud.condition.join")}>
        <Dropdown
          disabled={readOnly}
          value={t(condition.join === "or" ? "cloud.condition.or" : "cloud.condition.and")}
          selectedOptions={[condition.join]}
          onOptionSelect={(_, data) => put({ ...condition, join: data.optionValue === "or" ? "or" : "and" })}
        >
          <Option value="and">{t("cloud.condition.and")}</Option>
          <Option value="or">{t("cloud.condition.or")}</Option>
        </Dropdown>
      </Field>
      {condition.rows.map((row, index) => (
        <div key={index} className={styles.row}>
          <ValueField
            step={name}
            label={t("cloud.condition.left", { row: index + 1 })}
            type="any"
            value={row.left}
            onChange={(value) => putRow(index, { ...row, left: value ?? "" }, `${name}/left${index}`)}
          />
          <Field label={t("cloud.condition.operator", { row: index + 1 })}>
            <Dropdown
              disabled={readOnly}
              value={OPERATORS[row.operator] ?? row.operator}
              selectedOptions={[row.operator]}
              onOptionSelect={(_, data) => putRow(index, { ...row, operator: data.optionValue ?? row.operator })}
            >
              {Object.entries(OPERATORS).map(([operator, text]) => (
                <Option key={operator} value={operator}>
                  {text}
                </Option>
              ))}
            </Dropdown>
          </Field>
          <ValueField
            step={name}
            label={t("cloud.condition.right", { row: index + 1 })}
            type="any"
            value={row.right}
            onChange={(value) => putRow(index, { ...row, right: value ?? "" }, `${name}/right${index}`)}
          />
          {!readOnly && condition.rows.length > 1 && (
            <Button
              className={styles.remove}
              appearance="subtle"
              icon={<Delete20Regular />}
              aria-label={t("cloud.condition.remove", { row: index + 1 })}
              onClick={() => put({ ...condition, rows: condition.rows.filter((_, at) => at !== index) })}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          className={styles.add}
          icon={<Add20Regular />}
          onClick={() => put({ ...condition, rows: [...condition.rows, { left: "", operator: "equals", right: "" }] })}
        >
          {t("cloud.condition.add")}
        </Button>
      )}
    </>
  );
}
