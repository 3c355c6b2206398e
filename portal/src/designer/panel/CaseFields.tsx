import { Button, makeStyles } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useDesigner } from "@/designer/cloud/context";
import { ValueField } from "@/designer/expressions/ValueField";
import { addCase, changeCase, deleteCase } from "@/designer/model/cloud/edits";
import { objectOf, valueAt } from "@/designer/model/cloud/json";
import { t } from "@/strings/text";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  row: { display: "flex", gap: "4px", alignItems: "flex-end", "& > :first-child": { flex: "1 1 auto" } },
  add: { alignSelf: "flex-start" },
});

/** The cases of a switch: what each one equals. */
export function CaseFields({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { edit, readOnly } = useDesigner();
  const { name, step } = chosen;
  return (
    <>
      {Object.entries(objectOf(step["cases"])).map(([label, one]) => (
        <div key={label} className={styles.row}>
          <ValueField
            step={name}
            label={`${label}: ${t("cloud.case.equals")}`}
            type="any"
            value={valueAt(one, ["case"])}
            onChange={(value) => edit((before) => changeCase(before, name, label, value ?? ""), `${name}/case/${label}`)}
          />
          {!readOnly && (
            <Button
              appearance="subtle"
              icon={<Delete20Regular />}
              aria-label={t("cloud.case.remove", { name: label })}
              onClick={() => edit((before) => deleteCase(before, name, label))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Button className={styles.add} icon={<Add20Regular />} onClick={() => edit((before) => addCase(before, name))}>
          {t("cloud.case.add")}
        </Button>
      )}
    </>
  );
}
