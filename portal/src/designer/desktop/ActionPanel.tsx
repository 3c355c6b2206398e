import {
  Button,
  Checkbox,
  Combobox,
  Dropdown,
  Field,
  type FieldControlProps,
  Input,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Option,
  Switch,
  Textarea,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { BracesVariable20Regular, Dismiss20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { portal, type FlowVariable, type OutlineRow, type PanelField, type RowPanel } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { useLatest } from "@/components/useLatest";
import { PageLoading } from "@/components/PageLoading";
import type { Row } from "@/designer/model/desktop/document";
import { t } from "@/strings/text";
import { typeText } from "@/strings/typeText";
import { spoken, visible } from "@/strings/visible";
import { OnError } from "./OnError";
import { WRITING, type OpenForm } from "./writing";

const useStyles = makeStyles({
  panel: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  head: { display: "flex", alignItems: "start", gap: "8px", padding: "12px 12px 4px 16px" },
  title: { margin: 0, flex: "1 1 auto", fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, fontWeight: tokens.fontWeightSemibold },
  body: { flex: "1 1 auto", minHeight: 0, overflow: "auto", display: "flex", flexDirection: "column", gap: "12px", padding: "0 16px 16px" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  section: { margin: "4px 0 0", fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, paddingBottom: "4px" },
  field: { display: "flex", gap: "4px", alignItems: "start", "& > :first-child": { flex: "1 1 auto", minWidth: 0 } },
  name: { width: "100%", minWidth: 0 },
  code: { fontFamily: tokens.fontFamilyMonospace },
  robin: {
    margin: 0,
    padding: "8px",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    maxHeight: "120px",
    overflow: "auto",
  },
  produced: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", gap: "8px", alignItems: "center" },
  foot: { display: "flex", justifyContent: "flex-end", gap: "8px", padding: "12px 16px", borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
});

/** What the places of problems with the error handling begin with. */
const HANDLING = "onError.";

export interface Names {
  readonly variables: readonly FlowVariable[];
  readonly labels: readonly string[];
  readonly subflows: readonly string[];
}

interface ActionPanelProps {
  readonly row: Row;
  readonly names: Names;
  readonly isReadOnly: boolean;
  /** Take the row as its fields say it; the panel stays open where the whole flow was meant. */
  readonly onSave: (row: OutlineRow, stays: boolean) => void;
  /** Hears of fields with changes that the flow does not have yet. */
  readonly onUnwritten: (form: OpenForm | undefined) => void;
  readonly onClose: () => void;
}

/** The fields of one row, drawn from what its action declares. */
export function ActionPanel(props: ActionPanelProps) {
  const styles = useStyles();
  const { opened, onSave } = useOpenedText(props);
  const query = useQuery({ queryKey: ["robin row", opened], queryFn: ({ signal }) => portal("POST /robin/row", { body: { text: opened }, signal }), staleTime: Infinity });
  return (
    <section
      className={styles.panel}
      aria-label={spoken(props.row.title)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) props.onClose();
      }}
    >
      <div className={styles.head}>
        <h2 className={styles.title}>{visible(props.row.title)}</h2>
        <Button appearance="subtle" size="small" icon={<Dismiss20Regular />} aria-label={t("desktop.closePanel")} onClick={props.onClose} />
      </div>
      {query.data !== undefined && <Fields key={opened} {...props} onSave={onSave} panel={query.data} />}
      {query.data === undefined && (query.error === null ? <PageLoading /> : <ErrorMessage error={query.error} />)}
    </section>
  );
}

/** The text whose fields are open: what they themselves wrote since does not open them anew. */
function useOpenedText({ row, onSave }: ActionPanelProps) {
  const [{ opened, own }, setTexts] = useState({ opened: row.text, own: row.text });
  if (row.text !== opened && row.text !== own) setTexts({ opened: row.text, own: row.text });
  const save = (written: OutlineRow, stays: boolean) => {
    setTexts({ opened, own: written.text });
    onSave(written, stays);
  };
  return { opened, onSave: save };
}

function Fields({ row, panel, names, isReadOnly, onSave, onUnwritten, onClose }: ActionPanelProps & { readonly panel: RowPanel }) {
  const styles = useStyles();
  const { form } = panel;
  const [values, setValues] = useState(panel.values);
  const [targets, setTargets] = useState(panel.targets);
  const [handling, setHandling] = useState(panel.handling);
  const fields = useRef<HTMLFormElement>(null);
  const body = { name: panel.name, values, targets, former: row.text, handling };
  const preview = useQuery({
    queryKey: ["robin write", panel.name, row.text, values, targets, handling],
    queryFn: ({ signal }) => portal("POST /robin/write", { body, signal }),
    enabled: form !== null,
    placeholderData: (before) => before,
  });
  const state = JSON.stringify({ values, targets, handling });
  const [written, setWritten] = useState(state);
  const save = useMutation({
    mutationKey: WRITING,
    mutationFn: (sent: { readonly stays: boolean; readonly state: string; readonly body: typeof body }) => portal("POST /robin/write", { body: sent.body }),
    onSuccess: ({ rows }, sent) => {
      const [first] = rows;
      if (first === undefined) {
        window.setTimeout(() => fields.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
        return;
      }
      setWritten(sent.state);
      onSave(first, sent.stays);
    },
  });
  const pending = useRef<Promise<boolean>>(undefined);
  const write = (stays: boolean) => {
    pending.current ??= save
      .mutateAsync({ stays, state, body })
      .then(({ rows }) => rows.length > 0, () => false)
      .finally(() => {
        pending.current = undefined;
      });
    return pending.current;
  };
  const latest = useLatest(() => write(true));
  const isChanged = state !== written && !isReadOnly;
  useEffect(() => {
    if (!isChanged) return;
    onUnwritten({ write: () => latest.current() });
    return () => onUnwritten(undefined);
  }, [isChanged, onUnwritten, latest]);
  useEffect(() => {
    fields.current?.querySelector<HTMLElement>("input, textarea, button[role=combobox]")?.focus();
  }, []);
  if (form === null) return <p className={styles.quiet} style={{ padding: "0 16px" }}>{t("desktop.cannotRun", { name: panel.name })}</p>;

  const problems = new Map(preview.data?.problems.map((one) => [one.field, one.message]));
  const handlingProblems = new Map([...problems].flatMap(([place, message]) => (place.startsWith(HANDLING) ? [[place.slice(HANDLING.length), message] as const] : [])));
  const needed = form.fields.filter((one) => one.required);
  const others = form.fields.filter((one) => !one.required);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReadOnly) void write(false);
  };
  const field = (one: PanelField) => (
    <ValueInput key={one.name} field={one} value={values[one.name] ?? ""} names={names} problem={problems.get(one.name)} isReadOnly={isReadOnly} onChange={(value) => setValues({ ...values, [one.name]: value })} />
  );
  return (
    <form
      ref={fields}
      onSubmit={submit}
      noValidate
      style={{ display: "contents" }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
      }}
    >
      <div className={styles.body}>
        <p className={styles.quiet}>{form.help}</p>
        {form.fields.length === 0 && form.produced.length === 0 && <p className={styles.quiet}>{t("desktop.noFields")}</p>}
        {needed.length > 0 && <h3 className={styles.section}>{t("desktop.general")}</h3>}
        {needed.map(field)}
        {others.length > 0 && <h3 className={styles.section}>{t(needed.length > 0 ? "desktop.advanced" : "desktop.general")}</h3>}
        {others.map(field)}
        {form.produced.length > 0 && <h3 className={styles.section}>{t("desktop.produced")}</h3>}
        {form.produced.map((one) => {
          const name = targets[one.name] ?? "";
          return (
            <div key={one.name} className={styles.produced}>
              {one.required ? (
                <span>{one.doc.replace(/\.$/, "")}</span>
              ) : (
                <Checkbox
                  checked={name !== ""}
                  disabled={isReadOnly}
                  label={`${one.variable || one.name} (${typeText(one.type)})`}
                  onChange={(_, data) => setTargets({ ...targets, [one.name]: data.checked === true ? one.variable || one.name : "" })}
                />
              )}
              <Field {...validation(problems.get(one.name))}>
                <Input
                  value={name}
                  readOnly={isReadOnly}
                  className={styles.name}
                  input={{ className: styles.code }}
                  aria-label={t("desktop.variableName", { name: one.variable || one.name })}
                  onChange={(_, data) => setTargets({ ...targets, [one.name]: data.value })}
                />
              </Field>
            </div>
          );
        })}
        {handling !== null && (
          <OnError handling={handling} errors={form.errors} names={names} isReadOnly={isReadOnly} problems={handlingProblems} onChange={setHandling} />
        )}
        {handling === null && row.handled && <p className={styles.quiet}>{t("desktop.keepsHandling")}</p>}
        <h3 className={styles.section}>{t("desktop.robin")}</h3>
        <pre className={styles.robin} tabIndex={0} aria-label={t("desktop.robin")}>{preview.data?.text || row.text}</pre>
        {save.error !== null && <ErrorMessage error={save.error} />}
      </div>
      <div className={styles.foot}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" appearance="primary" disabledFocusable={isReadOnly || save.isPending}>
          {t("desktop.save")}
        </Button>
      </div>
    </form>
  );
}

interface ValueInputProps {
  readonly field: PanelField;
  readonly value: string;
  readonly names: Names;
  readonly problem: string | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (value: string) => void;
}

function ValueInput({ field, value, names, problem, isReadOnly, onChange }: ValueInputProps) {
  const styles = useStyles();
  const isSwitch = field.type === "Boolean" && /^(true|false|)$/i.test(value) && field.kind === "value";
  if (isSwitch) {
    const on = (value === "" ? field.default : value).toLowerCase() === "true";
    return (
      <Field hint={field.doc}>
        <Switch checked={on} disabled={isReadOnly} label={field.label} onChange={(_, data) => onChange(data.checked ? "True" : "False")} />
      </Field>
    );
  }
  const hint = [field.doc, field.default !== "" && value === "" && t("desktop.default", { value: field.default })].filter(Boolean).join(" ");
  return (
    <Field label={field.label} required={field.required} hint={hint} {...validation(problem)}>
      {(control) => (
        <div className={styles.field}>
          <Control {...control} field={field} value={value} names={names} isReadOnly={isReadOnly} onChange={onChange} />
          {(field.kind === "value" || field.kind === "formula") && !isReadOnly && (
            <VariablePicker variables={names.variables} label={field.label} onPick={(name) => onChange(field.kind === "formula" ? `${value}${name}` : `${value}%${name}%`)} />
          )}
        </div>
      )}
    </Field>
  );
}

/** A message where there is one: Fluent tells “none” and “undefined” apart. */
function validation(message: string | undefined) {
  return message === undefined ? {} : { validationMessage: message };
}

function Control({ field, value, names, isReadOnly, onChange, ...control }: Omit<ValueInputProps, "problem"> & FieldControlProps) {
  const styles = useStyles();
  if (field.kind === "choice") {
    const shown = value === "" ? field.default : value;
    return (
      <Dropdown {...control} disabled={isReadOnly} value={shown} selectedOptions={[shown]} onOptionSelect={(_event, data) => onChange(data.optionValue ?? "")}>
        {field.choices.map((one) => (
          <Option key={one} value={one}>
            {one}
          </Option>
        ))}
      </Dropdown>
    );
  }
  if (field.kind === "label" || field.kind === "subflow") {
    const known = field.kind === "label" ? names.labels : names.subflows;
    return (
      <Combobox {...control} freeform disabled={isReadOnly} value={value} selectedOptions={[value]} onOptionSelect={(_event, data) => onChange(data.optionValue ?? "")} onChange={(event) => onChange(event.target.value)}>
        {known.map((one) => (
          <Option key={one} value={one}>
            {one}
          </Option>
        ))}
      </Combobox>
    );
  }
  const isLong = value.includes("\n") || field.name === "Text" || field.type === "String" || field.type === "Any" || field.type === "Object";
  if (isLong && field.kind !== "formula") {
    return <Textarea {...control} rows={value.includes("\n") ? 4 : 1} resize="vertical" readOnly={isReadOnly} value={value} onChange={(_event, data) => onChange(data.value)} />;
  }
  return <Input {...control} autoComplete="off" readOnly={isReadOnly} input={field.kind === "formula" ? { className: styles.code } : {}} value={value} onChange={(_event, data) => onChange(data.value)} />;
}

function VariablePicker({ variables, label, onPick }: { readonly variables: readonly FlowVariable[]; readonly label: string; readonly onPick: (name: string) => void }) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<BracesVariable20Regular />} aria-label={spoken(`${t("desktop.pickVariable")}: ${label}`)} title={t("desktop.pickVariable")} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {variables.length === 0 && <MenuItem disabled>{t("desktop.noVariables")}</MenuItem>}
          {variables.map((one) => (
            <MenuItem key={one.name} secondaryContent={typeText(one.type)} onClick={() => onPick(one.name)}>
              {one.name}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
