import { Button, Field, Input, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { Dismiss20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useDesigner } from "@/designer/cloud/context";
import { StepIcon } from "@/designer/cloud/StepIcon";
import { StepMenu } from "@/designer/cloud/StepMenu";
import { titleOf } from "@/designer/cloud/subtitle";
import { changeStep, changeTrigger, nameProblem, renameStep } from "@/designer/model/cloud/edits";
import { isObject, type Json, type JsonObject } from "@/designer/model/cloud/json";
import { cardId } from "@/designer/model/cloud/layout";
import { shownName } from "@/designer/model/cloud/making";
import { findStep, triggerOf } from "@/designer/model/cloud/structure";
import { JsonEditor } from "@/designer/expressions/JsonEditor";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { Parameters } from "./Parameters";
import { StepSettings } from "./StepSettings";
import { Testing } from "./Testing";
import { TriggerSettings } from "./TriggerSettings";

const useStyles = makeStyles({
  panel: {
    display: "flex",
    flexDirection: "column",
    minHeight: 0,
    height: "100%",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  head: { display: "flex", alignItems: "center", gap: "8px", padding: "12px 12px 0 16px" },
  icon: { display: "flex", color: tokens.colorBrandForeground1 },
  title: { flex: "1 1 auto", margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  body: { flex: "1 1 auto", minHeight: 0, overflow: "auto", padding: "12px 16px 24px", display: "flex", flexDirection: "column", gap: "16px" },
  problem: { color: tokens.colorPaletteRedForeground1 },
  tabs: { flexShrink: 0, paddingInline: "8px" },
});

export interface ChosenStep {
  readonly name: string;
  readonly isTrigger: boolean;
  readonly step: JsonObject;
  readonly change: (step: JsonObject, subject?: string) => void;
}

/** Return the step that is selected, if it is still there. */
export function useChosenStep(): ChosenStep | undefined {
  const { definition, selected, edit } = useDesigner();
  if (selected === "trigger") {
    const found = triggerOf(definition);
    if (found === undefined) return undefined;
    const { name, trigger } = found;
    return { name, isTrigger: true, step: trigger, change: (step, subject) => edit((before) => changeTrigger(before, name, step), subject) };
  }
  const name = selected?.slice("step:".length);
  const found = name === undefined ? undefined : findStep(definition, name);
  if (name === undefined || found === undefined) return undefined;
  return { name, isTrigger: false, step: found.action, change: (step, subject) => edit((before) => changeStep(before, name, step), subject) };
}

/** Everything about the selected step: its fields, how it behaves, its JSON, what it did in a run. */
export function StepPanel({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { document, palette, select, run, readOnly } = useDesigner();
  const [wanted, setTab] = useState("parameters");
  const tab = run !== undefined && readOnly && wanted === "parameters" ? "testing" : wanted;
  const title = titleOf(chosen.step, { document, palette }, chosen.isTrigger) ?? shownName(chosen.name);
  return (
    <section className={styles.panel} aria-label={visible(title)}>
      <div className={styles.head}>
        <span className={styles.icon}>
          <StepIcon step={chosen.step} document={document} isTrigger={chosen.isTrigger} />
        </span>
        <h2 className={styles.title} dir="auto">
          {visible(title)}
        </h2>
        {!chosen.isTrigger && !readOnly && <StepMenu name={chosen.name} />}
        <Button appearance="subtle" size="small" icon={<Dismiss20Regular />} aria-label={t("cloud.closePanel")} onClick={() => select(undefined)} />
      </div>
      <TabList className={styles.tabs} selectedValue={tab} onTabSelect={(_, data) => setTab(String(data.value))}>
        {!(run !== undefined && readOnly) && <Tab value="parameters">{t("cloud.parameters")}</Tab>}
        <Tab value="settings">{t("cloud.settings")}</Tab>
        <Tab value="code">{t("cloud.code")}</Tab>
        <Tab value="testing">{t("cloud.testing")}</Tab>
      </TabList>
      <div className={styles.body}>
        {tab === "parameters" && (
          <>
            {!chosen.isTrigger && <NameField name={chosen.name} />}
            <Parameters chosen={chosen} />
          </>
        )}
        {tab === "settings" && (chosen.isTrigger ? <TriggerSettings chosen={chosen} /> : <StepSettings chosen={chosen} />)}
        {tab === "code" && <StepCode chosen={chosen} />}
        {tab === "testing" && <Testing chosen={chosen} />}
      </div>
    </section>
  );
}

function NameField({ name }: { readonly name: string }) {
  const { definition, edit, select, readOnly } = useDesigner();
  const [text, setText] = useState<string>();
  const written = (text ?? shownName(name)).trim().replaceAll(" ", "_");
  const problem = nameProblem(definition, name, written);
  const messages = { empty: t("cloud.nameEmpty"), taken: t("cloud.nameTaken"), long: t("cloud.nameLong") };
  const give = () => {
    if (problem === undefined && written !== name) {
      edit((before) => renameStep(before, name, written));
      select(cardId(written));
    }
    setText(undefined);
  };
  return (
    <Field label={t("cloud.stepName")} validationMessage={problem === undefined ? null : messages[problem]}>
      <Input
        value={text ?? shownName(name)}
        readOnly={readOnly}
        onChange={(_, data) => setText(data.value)}
        onBlur={give}
        onKeyDown={(event) => {
          if (event.key === "Enter") give();
        }}
      />
    </Field>
  );
}

function StepCode({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { readOnly } = useDesigner();
  const [problem, setProblem] = useState<string>();
  const give = (text: string) => {
    try {
      const value = JSON.parse(text) as Json;
      if (isObject(value)) chosen.change(value, `code ${chosen.name}`);
      setProblem(undefined);
    } catch (error) {
      setProblem(t("cloud.codeWrong", { problem: (error as Error).message }));
    }
  };
  return (
    <>
      <JsonEditor
        key={chosen.name}
        label={t("cloud.codeOf", { name: shownName(chosen.name) })}
        value={JSON.stringify(chosen.step, null, 2)}
        readOnly={readOnly}
        height="auto"
        onChange={give}
      />
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
