import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Input,
  Option,
  Spinner,
  Switch,
  Textarea,
  makeStyles,
} from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type Mode, type NamedValue, type RunForm, type UsableConnection } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { remember, remembered } from "@/preferences/remembered";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { FAULTS, InputField } from "./InputField";
import { kindOf, readFreeInputs, readInputs, rememberable, written, type InputFault, type Typed } from "./inputs";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "12px" },
  surface: { maxWidth: "560px" },
  code: { fontFamily: "monospace" },
});

/** What is repeated, where a run is. */
export interface Repeated {
  readonly runId: string;
  readonly inputs: readonly NamedValue[];
  readonly connection: string | null;
  readonly mode: Mode | null;
}

interface RunDialogProps {
  readonly flowId: string;
  readonly repeated?: Repeated;
  readonly onStarted: (runId: string) => void;
  readonly onClose: () => void;
}

/** Asks what a desktop flow needs, and queues a run of it. */
export function RunDialog(props: RunDialogProps) {
  const styles = useStyles();
  const form = useQuery(endpointQuery("GET /desktopflows/{flowId}/form", { path: { flowId: props.flowId } }));
  return (
    <Dialog open onOpenChange={props.onClose}>
      <DialogSurface className={styles.surface}>
        {form.data !== undefined ? (
          <Questions {...props} form={form.data} />
        ) : (
          <DialogBody>
            <DialogTitle>{t("run.title")}</DialogTitle>
            <DialogContent>{form.error === null ? <Spinner label={t("common.loading")} /> : <ErrorMessage error={form.error} />}</DialogContent>
            <DialogActions>
              <Button onClick={props.onClose}>{t("common.cancel")}</Button>
            </DialogActions>
          </DialogBody>
        )}
      </DialogSurface>
    </Dialog>
  );
}

function Questions({ form, repeated, onStarted, onClose }: RunDialogProps & { readonly form: RunForm }) {
  const styles = useStyles();
  const [typed, setTyped] = useState(() => firstTyped(form, repeated));
  const [free, setFree] = useState(() => firstFree(form, repeated));
  const [connection, setConnection] = useState(() => firstConnection(form, repeated));
  const [mode, setMode] = useState<Mode>(repeated?.mode === "attended" ? "attended" : "unattended");
  const [high, setHigh] = useState(false);
  const [timeout, setTimeout] = useState(String(Math.round(form.timeoutDefault / 60)));
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const fields = useRef<HTMLFormElement>(null);

  const read = readInputs(form.inputs, typed, repeated !== undefined);
  const freely = readFreeInputs(free);
  const minutes = Number(timeout);
  const timeoutFault = !(minutes >= 1 && minutes * 60 <= form.timeoutMax);

  const start = useMutation({
    mutationFn: (values: Record<string, unknown>) => {
      const body = { connection, mode, highPriority: high, timeout: Math.round(minutes * 60), inputs: values };
      return repeated === undefined
        ? portal("POST /desktopflows/{flowId}/run", { path: { flowId: form.flowId }, body })
        : portal("POST /desktopruns/{runId}/rerun", { path: { runId: repeated.runId }, body });
    },
    onSuccess: ({ runId }) => {
      remember(`inputs.${form.flowId}`, form.knowsInputs ? rememberable(form.inputs, typed) : { "": free });
      onStarted(runId);
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = form.knowsInputs ? Object.keys(read.faults) : "fault" in freely ? [""] : [];
    if (wrong.length > 0 || timeoutFault || connection === null) {
      setShown(new Set([...form.inputs.map((one) => one.name), "", "timeout", "connection"]));
      window.setTimeout(() => fields.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    if (!start.isPending) start.mutate(form.knowsInputs ? read.values : "values" in freely ? freely.values : {});
  };
  const fault = (name: string): InputFault | undefined => (shown.has(name) ? read.faults[name] : undefined);
  const leave = (name: string) => setShown(new Set([...shown, name]));

  return (
    <form ref={fields} onSubmit={submit} noValidate>
      <DialogBody>
        <DialogTitle>
          <UserText>{t(repeated === undefined ? "run.titleOf" : "run.againTitleOf", { name: form.flowName })}</UserText>
        </DialogTitle>
        <DialogContent className={styles.form}>
          {form.inputs.map((parameter, index) => (
            <InputField
              key={parameter.name}
              parameter={parameter}
              value={typed[parameter.name] ?? ""}
              fault={fault(parameter.name)}
              keeps={repeated !== undefined}
              first={index === 0}
              onChange={(value) => setTyped({ ...typed, [parameter.name]: value })}
              onLeave={() => leave(parameter.name)}
            />
          ))}
          {!form.knowsInputs && (
            <Field
              label={t("run.freeInputs")}
              hint={t("run.freeInputsHint")}
              {...("fault" in freely && shown.has("") ? { validationMessage: t(FAULTS[freely.fault]) } : {})}
            >
              <Textarea
                value={free}
                textarea={{ className: styles.code, spellCheck: false }}
                onChange={(_, data) => setFree(data.value)}
                onBlur={() => leave("")}
              />
            </Field>
          )}
          <ConnectionField
            connections={form.connections}
            chosen={connection}
            missing={connection === null && shown.has("connection")}
            onChoose={setConnection}
          />
          <Accordion collapsible>
            <AccordionItem value="more">
              <AccordionHeader>{t("run.moreOptions")}</AccordionHeader>
              <AccordionPanel className={styles.form}>
                <Field label={t("run.mode")} hint={t(mode === "attended" ? "run.attendedHint" : "run.unattendedHint")}>
                  <Dropdown
                    value={t(mode === "attended" ? "runs.mode.attended" : "runs.mode.unattended")}
                    selectedOptions={[mode]}
                    onOptionSelect={(_, data) => setMode(data.optionValue as Mode)}
                  >
                    <Option value="unattended">{t("runs.mode.unattended")}</Option>
                    <Option value="attended">{t("runs.mode.attended")}</Option>
                  </Dropdown>
                </Field>
                <Switch checked={high} label={t("run.high")} onChange={(_, data) => setHigh(data.checked)} />
                <Field
                  label={t("run.timeout")}
                  {...(timeoutFault && shown.has("timeout")
                    ? { validationMessage: t("run.fault.timeout", { most: Math.floor(form.timeoutMax / 60) }) }
                    : {})}
                >
                  <Input type="number" min={1} value={timeout} onChange={(_, data) => setTimeout(data.value)} onBlur={() => leave("timeout")} />
                </Field>
              </AccordionPanel>
            </AccordionItem>
          </Accordion>
          {start.error !== null && <ErrorMessage error={start.error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" appearance="primary" disabledFocusable={start.isPending} autoFocus={form.inputs.length === 0}>
            {t("run.action")}
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}

function firstTyped(form: RunForm, repeated: Repeated | undefined): Readonly<Record<string, Typed>> {
  const kept = remembered<Readonly<Record<string, Typed>>>(`inputs.${form.flowId}`, {});
  const given = new Map(repeated?.inputs.filter((one) => !one.sensitive).map((one) => [one.name.toLowerCase(), one.value]));
  return Object.fromEntries(
    form.inputs.map((parameter) => {
      const former = given.get(parameter.name.toLowerCase());
      if (repeated !== undefined && former !== undefined) return [parameter.name, written(parameter, former)];
      const last = kept[parameter.name];
      const fits = last !== undefined && (typeof last === "boolean") === (kindOf(parameter) === "boolean") && !parameter.sensitive;
      return [parameter.name, fits ? last : written(parameter, parameter.default)];
    }),
  );
}

function firstFree(form: RunForm, repeated: Repeated | undefined): string {
  if (repeated !== undefined && repeated.inputs.length > 0) {
    return JSON.stringify(Object.fromEntries(repeated.inputs.map((one) => [one.name, one.value])), null, 2);
  }
  return remembered<Readonly<Record<string, string>>>(`inputs.${form.flowId}`, {})[""] ?? "";
}

function firstConnection(form: RunForm, repeated: Repeated | undefined): string | null {
  const usable = form.connections.some((one) => one.name === repeated?.connection);
  return (usable ? repeated?.connection : undefined) ?? form.connection ?? (form.connections.length === 1 ? (form.connections[0]?.name ?? null) : null);
}

interface ConnectionFieldProps {
  readonly connections: readonly UsableConnection[];
  readonly chosen: string | null;
  readonly missing: boolean;
  readonly onChoose: (name: string) => void;
}

function ConnectionField({ connections, chosen, missing, onChoose }: ConnectionFieldProps) {
  const current = connections.find((one) => one.name === chosen);
  const away = current !== undefined && current.connected === 0;
  const message = connections.length === 0 ? t("run.noConnections") : missing ? t("run.chooseConnection") : away ? t("run.disconnected") : undefined;
  return (
    <Field
      label={t("run.connection")}
      required
      {...(message === undefined ? {} : { validationMessage: message, validationState: away ? ("warning" as const) : ("error" as const) })}
    >
      <Dropdown
        value={current === undefined ? "" : connectionText(current)}
        selectedOptions={chosen === null ? [] : [chosen]}
        onOptionSelect={(_, data) => data.optionValue !== undefined && onChoose(data.optionValue)}
      >
        {connections.map((one) => (
          <Option key={one.name} value={one.name} text={connectionText(one)}>
            <UserText>{connectionText(one)}</UserText>
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}

function connectionText({ displayName, group, machines, connected }: UsableConnection): string {
  return t("run.connectionText", { name: displayName, group: group ?? "", connected, machines });
}
