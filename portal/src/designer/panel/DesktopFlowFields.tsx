import {
  Badge,
  Button,
  Divider,
  Dropdown,
  Field,
  MessageBar,
  MessageBarBody,
  Option,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Delete20Regular, Open20Regular } from "@fluentui/react-icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type FlowParameter } from "@/api/portal";
import { addressOf } from "@/components/addresses";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { useDesigner } from "@/designer/cloud/context";
import { ValueField } from "@/designer/expressions/ValueField";
import { objectOf, valueAt, withValueAt, type Json, type JsonObject } from "@/designer/model/cloud/json";
import type { FieldOffer } from "@/designer/model/cloud/offers";
import { t, type TextKey } from "@/strings/text";
import { typeText } from "@/strings/typeText";
import { Fields } from "./Parameters";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  outputs: { display: "flex", flexWrap: "wrap", gap: "6px", alignItems: "center" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  link: { alignSelf: "flex-start", marginTop: "-12px" },
  row: { display: "flex", gap: "4px", alignItems: "flex-end", "& > :first-child": { flex: "1 1 auto" } },
});

const CREATE = "＋";
const CUSTOM = "…";
const PARAMETERS = ["inputs", "parameters"];

/** The fields of *Run a flow built with Power Automate for desktop*. */
export function DesktopFlowFields({ chosen, fields }: { readonly chosen: ChosenStep; readonly fields: readonly FieldOffer[] }) {
  const styles = useStyles();
  const { step, name, change } = chosen;
  const { desktopFlows, readOnly } = useDesigner();
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const flowId = valueAt(step, [...PARAMETERS, "uiFlowId"]);
  const id = typeof flowId === "string" ? flowId : "";
  const details = desktopFlows.get(id);
  const listed = useQuery(endpointQuery("GET /desktopflows", { query: { sort: "name", limit: 500 } }, { topics: ["flows"] }));
  useEffect(() => {
    // Somebody who comes back from the desktop flow's designer sees what they changed there.
    const refresh = () => void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("GET /desktopflows") });
    window.addEventListener("focus", refresh);
    return () => window.removeEventListener("focus", refresh);
  }, [client]);
  const put = (parameter: string, value: string | undefined) => change(withValueAt(step, [...PARAMETERS, parameter], value) as JsonObject, `${name}/${parameter}`);
  const flows = listed.data?.items ?? [];
  return (
    <>
      {listed.error !== null && <ErrorMessage error={listed.error} />}
      <Field label={t("cloud.desktopFlow")} required>
        <Dropdown
          disabled={readOnly}
          value={details?.flow.name ?? flows.find((one) => one.id === id)?.name ?? id}
          selectedOptions={id === "" ? [] : [id]}
          onOptionSelect={(_, data) => (data.optionValue === CREATE ? setCreating(true) : put("uiFlowId", data.optionValue))}
        >
          <Option value={CREATE} text={t("cloud.createDesktopFlow")}>{`＋ ${t("cloud.createDesktopFlow")}`}</Option>
          {flows.map((one) => (
            <Option key={one.id} value={one.id} text={one.name}>
              {one.name}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {details !== undefined && (
        <Button as="a" className={styles.link} appearance="subtle" size="small" icon={<Open20Regular />} href={addressOf.desktopDesigner(id)} target="_blank">
          {t("cloud.editDesktopFlow")}
        </Button>
      )}
      {details !== undefined && !details.flow.published && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t("cloud.desktopDraft")}</MessageBarBody>
        </MessageBar>
      )}
      <RunMode step={name} value={valueAt(step, [...PARAMETERS, "runMode"])} readOnly={readOnly} onChange={(value) => put("runMode", value)} />
      {details !== undefined && <DesktopInputs chosen={chosen} flowId={id} inputs={details.inputs} />}
      {details !== undefined && <DesktopOutputs outputs={details.outputs} />}
      <Divider alignContent="start">{t("cloud.advanced")}</Divider>
      <Fields chosen={chosen} fields={fields.filter((one) => !["uiFlowId", "runMode", "item"].includes(one.path.at(-1) ?? ""))} />
      {creating && (
        <NewDesktopFlow
          onClose={() => setCreating(false)}
          onMade={(made) => {
            put("uiFlowId", made);
            setCreating(false);
          }}
        />
      )}
    </>
  );
}

interface RunModeProps {
  readonly step: string;
  readonly value: Json | undefined;
  readonly readOnly: boolean;
  readonly onChange: (value: string | undefined) => void;
}

const MODES: Readonly<Record<string, TextKey>> = { attended: "cloud.mode.attended", unattended: "cloud.mode.unattended" };

function RunMode({ step, value, readOnly, onChange }: RunModeProps) {
  const mode = typeof value === "string" ? value : "";
  const title = MODES[mode.toLowerCase()];
  const [isCustom, setCustom] = useState(mode !== "" && title === undefined);
  if (isCustom) {
    return <ValueField step={step} label={t("cloud.runMode")} type="string" required value={value} options={title === undefined ? [] : Object.keys(MODES)} onChange={(next) => onChange(typeof next === "string" ? next : undefined)} />;
  }
  const choose = (chosen: string | undefined) => (chosen === CUSTOM ? setCustom(true) : onChange(chosen));
  return (
    <Field label={t("cloud.runMode")} required>
      <Dropdown disabled={readOnly} value={title === undefined ? mode : t(title)} selectedOptions={[mode]} onOptionSelect={(_, data) => choose(data.optionValue)}>
        {Object.entries(MODES).map(([one, text]) => (
          <Option key={one} value={one}>
            {t(text)}
          </Option>
        ))}
        <Option value={CUSTOM}>{t("cloud.customValue")}</Option>
      </Dropdown>
    </Field>
  );
}

/** The desktop flow's input variables as fields; what is new in it since the step was saved, or gone, is told of. */
function DesktopInputs({ chosen, flowId, inputs }: { readonly chosen: ChosenStep; readonly flowId: string; readonly inputs: readonly FlowParameter[] }) {
  const styles = useStyles();
  const { step, name, change } = chosen;
  const { flowId: cloudFlowId, readOnly } = useDesigner();
  const grown = useQuery(endpointQuery("GET /cloudflows/{flowId}/newinputs", { path: { flowId: cloudFlowId } }, { topics: ["flows"] }));
  const added = grown.data?.items.find((one) => one.step === name && one.flowId === flowId)?.names ?? [];
  const given = Object.keys(objectOf(valueAt(step, PARAMETERS)))
    .filter((one) => one.startsWith("item/"))
    .map((one) => one.slice("item/".length));
  const gone = given.filter((one) => !inputs.some((input) => input.name === one));
  const isNew = (input: FlowParameter) => added.includes(input.name) && !given.includes(input.name);
  const put = (input: string, value: Parameters<typeof withValueAt>[2]) =>
    change(withValueAt(step, [...PARAMETERS, `item/${input}`], value) as JsonObject, `${name}/item/${input}`);
  return (
    <>
      <Divider alignContent="start">{t("cloud.desktopInputs")}</Divider>
      {inputs.length === 0 && gone.length === 0 && <p className={styles.quiet}>{t("cloud.noInputs")}</p>}
      {inputs.map((input) => (
        <ValueField
          key={`${name}/${input.name}`}
          step={name}
          label={input.name}
          type={input.type}
          required={input.required}
          hint={[isNew(input) ? t("cloud.inputNew") : "", input.description, input.sensitive ? t("cloud.sensitive") : ""].filter((one) => one !== "").join(" · ") || undefined}
          options={input.type === "boolean" ? ["true", "false"] : []}
          placeholder={input.default === null || input.default === undefined || input.default === "" ? undefined : String(input.default)}
          value={valueAt(step, [...PARAMETERS, `item/${input.name}`])}
          onChange={(value) => put(input.name, value)}
        />
      ))}
      {gone.map((input) => (
        <div key={input} className={styles.row}>
          <ValueField
            step={name}
            label={input}
            type="any"
            problem={t("cloud.inputGone")}
            value={valueAt(step, [...PARAMETERS, `item/${input}`])}
            onChange={(value) => put(input, value)}
          />
          {!readOnly && <Button appearance="subtle" icon={<Delete20Regular />} aria-label={t("cloud.removeInput", { name: input })} onClick={() => put(input, undefined)} />}
        </div>
      ))}
    </>
  );
}

function DesktopOutputs({ outputs }: { readonly outputs: readonly FlowParameter[] }) {
  const styles = useStyles();
  if (outputs.length === 0) return <p className={styles.quiet}>{t("cloud.noOutputs")}</p>;
  return (
    <div className={styles.outputs}>
      <span className={styles.quiet}>{t("cloud.desktopOutputs")}</span>
      {outputs.map((one) => (
        <Badge key={one.name} appearance="tint" color="informative" size="large">
          {`${one.name} (${typeText(one.type)})`}
        </Badge>
      ))}
    </div>
  );
}

interface NewDesktopFlowProps {
  readonly onMade: (id: string) => void;
  readonly onClose: () => void;
}

/** *Build a desktop flow*: asks for a name, then opens its designer in a new tab. */
function NewDesktopFlow({ onMade, onClose }: NewDesktopFlowProps) {
  const client = useQueryClient();
  const make = async (name: string) => {
    const { id } = await portal("POST /desktopflows", { body: { name } });
    await client.invalidateQueries({ queryKey: ["GET /desktopflows"] });
    window.open(addressOf.desktopDesigner(id), "_blank", "noopener");
    onMade(id);
  };
  return <NameDialog title={t("cloud.buildDesktopFlow")} label={t("cloud.desktopFlowName")} hint={t("cloud.launchText")} action={t("cloud.launchApp")} most={100} onName={make} onClose={onClose} />;
}
