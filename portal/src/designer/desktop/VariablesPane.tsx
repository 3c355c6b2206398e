import { Button, Field, Input, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Option, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, ArrowDown16Regular, ArrowUp16Regular, BracesVariable20Regular, EyeOff16Regular, MoreHorizontal20Regular, Search20Regular } from "@fluentui/react-icons";
import { memo, useCallback, useMemo, useRef, useState, type FormEvent } from "react";
import type { LiveVariable, FlowVariable } from "@/api/portal";
import { VirtualList } from "@/components/VirtualList";
import { matches } from "@/designer/model/desktop/find";
import { PARAMETER_TYPES, declare, isName, type NewParameter } from "@/designer/model/desktop/parameters";
import { plain } from "@/designer/model/desktop/values";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { typeText } from "@/strings/typeText";
import { visible } from "@/strings/visible";
import { useDesigner } from "./designer";
import type { Debugging } from "./useDebugging";
import { ValueDialog } from "./ValueDialog";

const WITHOUT_VALUE = 44;
const WITH_VALUE = 68;

const useStyles = makeStyles({
  pane: { boxSizing: "border-box", display: "flex", flexDirection: "column", gap: "8px", height: "100%", minHeight: 0, padding: "12px 8px 8px" },
  head: { display: "flex", alignItems: "center", gap: "4px" },
  title: { margin: "0 4px", flex: "1 1 auto", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { overflow: "auto", flex: "1 1 auto", minHeight: 0 },
  group: { margin: "8px 4px 4px", fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  row: { display: "flex", alignItems: "center", gap: "8px", boxSizing: "border-box", height: "100%", padding: "2px 0 2px 4px", borderRadius: tokens.borderRadiusMedium, ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  words: { minWidth: 0, flex: "1 1 auto" },
  name: { display: "block", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  quiet: { display: "block", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  value: {
    display: "block",
    maxWidth: "100%",
    minHeight: "24px",
    padding: "2px 4px",
    marginInlineStart: "-4px",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    textAlign: "start",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorBrandForegroundLink,
    backgroundColor: "transparent",
    border: "none",
    borderRadius: tokens.borderRadiusSmall,
    cursor: "pointer",
    ":hover": { textDecorationLine: "underline" },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  menu: {
    display: "flex",
    flexShrink: 0,
    padding: "2px",
    color: tokens.colorNeutralForeground2,
    backgroundColor: "transparent",
    border: "none",
    borderRadius: tokens.borderRadiusMedium,
    cursor: "pointer",
    ":hover": { color: tokens.colorNeutralForeground2BrandHover, backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  empty: { margin: "8px 4px", color: tokens.colorNeutralForeground2 },
  form: { display: "flex", flexDirection: "column", gap: "12px" },
});

/** Inputs, outputs and the flow's own variables. */
export function VariablesPane() {
  const styles = useStyles();
  const { state, dispatch, whyNot, debugging } = useDesigner();
  const { variables } = state;
  const values = useLiveValues(debugging, variables);
  const scroller = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState<"input" | "output">();
  const heightOf = useCallback((one: FlowVariable) => (values.has(one.name.toLowerCase()) ? WITH_VALUE : WITHOUT_VALUE), [values]);
  const groups = useMemo(() => {
    const shown = variables.filter((one) => search.trim() === "" || matches(`${one.name} ${one.externalName} ${typeText(one.type)}`, search));
    return [
      [t("desktop.inputsOutputs"), shown.filter((one) => one.role !== "flow")],
      [t("desktop.flowVariables"), shown.filter((one) => one.role === "flow")],
    ] as const;
  }, [variables, search]);
  return (
    <section className={styles.pane} aria-label={t("desktop.variables")}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("desktop.variables")}</h2>
        {whyNot === undefined && (
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button size="small" appearance="subtle" icon={<Add20Regular />} aria-label={t("desktop.newParameter")} />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem onClick={() => setAdding("input")}>{t("desktop.newInput")}</MenuItem>
                <MenuItem onClick={() => setAdding("output")}>{t("desktop.newOutput")}</MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        )}
        {whyNot === undefined && <AllMenu />}
      </div>
      <Input type="search" contentBefore={<Search20Regular />} placeholder={t("desktop.searchVariables")} aria-label={t("desktop.searchVariables")} value={search} onChange={(_, data) => setSearch(data.value)} />
      <div ref={scroller} className={styles.list}>
        {variables.length === 0 && <p className={styles.empty}>{t("desktop.noVariablesText")}</p>}
        {groups.map(
          ([title, members]) =>
            members.length > 0 && (
              <div key={title}>
                <h3 className={styles.group}>
                  {title} · {members.length}
                </h3>
                <VirtualList label={title} items={members} keyOf={(one) => one.role + one.name} heightOf={heightOf} scroller={scroller}>
                  {(one) => <VariableRow variable={one} value={values.get(one.name.toLowerCase())} />}
                </VirtualList>
              </div>
            ),
        )}
      </div>
      {adding !== undefined && <ParameterDialog role={adding} taken={variables.map((one) => one.name)} onAdd={(parameter) => dispatch({ type: "edit", change: (before) => declare(before, parameter) })} onClose={() => setAdding(undefined)} />}
    </section>
  );
}

/** What is done with all variables. */
function AllMenu() {
  const { look } = useDesigner();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("finding.allVariables")} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => look.open({ kind: "unused" })}>{t("finding.removeUnused")}…</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

interface VariableRowProps {
  readonly variable: FlowVariable;
  readonly value: LiveVariable | undefined;
}

/** One variable; drawn anew only when it shows something else. */
const VariableRow = memo(function VariableRow({ variable, value }: VariableRowProps) {
  const styles = useStyles();
  return (
    <div className={styles.row} data-variable={variable.name}>
      <RoleIcon role={variable.role} />
      <span className={styles.words}>
        <UserText className={styles.name} title={variable.name}>
          {variable.name}
        </UserText>
        <span className={styles.quiet}>{about(variable)}</span>
        {value !== undefined && <VariableValue variable={value} />}
      </span>
      {variable.sensitive && <EyeOff16Regular aria-label={t("desktop.sensitive")} title={t("desktop.sensitive")} />}
      <VariableMenu variable={variable} />
    </div>
  );
}, showSame);

function showSame(before: VariableRowProps, after: VariableRowProps): boolean {
  const [one, other] = [before.variable, after.variable];
  return before.value === after.value && one.name === other.name && one.role === other.role && one.sensitive === other.sensitive && about(one) === about(other);
}

/** The button of a variable's menu, which is there once it has been asked for. */
function VariableMenu({ variable }: { readonly variable: FlowVariable }) {
  const styles = useStyles();
  const [button, setButton] = useState<HTMLButtonElement>();
  return (
    <>
      <button
        type="button"
        className={styles.menu}
        aria-label={t("desktop.variableMenu", { name: variable.name })}
        aria-haspopup="menu"
        aria-expanded={button !== undefined}
        onClick={(event) => setButton(event.currentTarget)}
      >
        <MoreHorizontal20Regular />
      </button>
      {button !== undefined && <OpenMenu variable={variable} button={button} onClose={() => setButton(undefined)} />}
    </>
  );
}

interface OpenMenuProps {
  readonly variable: FlowVariable;
  readonly button: HTMLButtonElement;
  readonly onClose: () => void;
}

function OpenMenu({ variable, button, onClose }: OpenMenuProps) {
  const { look, whyNot } = useDesigner();
  return (
    <Menu open positioning={{ target: button }} onOpenChange={(_, data) => !data.open && (onClose(), button.focus())}>
      <MenuPopover>
        <MenuList>
          <MenuItem disabled={whyNot !== undefined} secondaryContent="F2" onClick={() => look.open({ kind: "rename", variable })}>
            {t("desktop.rename")}…
          </MenuItem>
          <MenuItem secondaryContent="Shift+F12" onClick={() => look.find({ variable: variable.name })}>{t("desktop.findUsages")}</MenuItem>
          <MenuItem onClick={() => void navigator.clipboard.writeText(variable.name)}>{t("desktop.copyName")}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** What variables hold, by their names in small letters: while the run is paused all of them, after it the outputs. */
function useLiveValues({ state, run, isOpen }: Debugging, variables: readonly FlowVariable[]): ReadonlyMap<string, LiveVariable> {
  const paused = state?.variables;
  const outputs = run.details?.outputs;
  return useMemo(() => {
    if (isOpen) return new Map(paused?.map((one) => [one.name.toLowerCase(), one]));
    return new Map(
      variables.flatMap((one): [string, LiveVariable][] => {
        const output = one.role === "output" ? outputs?.find(({ name }) => name === one.externalName) : undefined;
        if (output === undefined) return [];
        const text = output.sensitive ? "•••••" : plain(output.value);
        return [[one.name.toLowerCase(), { name: one.name, type: one.type, text, value: output.value, sensitive: output.sensitive, truncated: false, editable: false }]];
      }),
    );
  }, [isOpen, paused, outputs, variables]);
}

/** What the variable holds while the run is paused, or held at its end. */
function VariableValue({ variable }: { readonly variable: LiveVariable }) {
  const styles = useStyles();
  const [isOpen, setIsOpen] = useState(false);
  const { name, text } = variable;
  return (
    <>
      <button type="button" className={styles.value} title={visible(text)} aria-label={`${t("debug.valueOf", { name })}: ${visible(text)}`} onClick={() => setIsOpen(true)}>
        <UserText>{text === "" ? t(variable.type === "" ? "debug.noValue" : "debug.emptyText") : text}</UserText>
      </button>
      {isOpen && <ValueDialog variable={variable} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function RoleIcon({ role }: { readonly role: FlowVariable["role"] }) {
  if (role === "input") return <ArrowDown16Regular aria-label={t("desktop.input")} />;
  if (role === "output") return <ArrowUp16Regular aria-label={t("desktop.output")} />;
  return <BracesVariable20Regular aria-hidden />;
}

function about({ type, uses, externalName, name }: FlowVariable): string {
  return [typeText(type), externalName !== "" && externalName !== name && externalName, t("desktop.uses", { count: uses })].filter(Boolean).join(" · ");
}

interface ParameterDialogProps {
  readonly role: "input" | "output";
  readonly taken: readonly string[];
  readonly onAdd: (parameter: NewParameter) => void;
  readonly onClose: () => void;
}

function ParameterDialog({ role, taken, onAdd, onClose }: ParameterDialogProps) {
  const styles = useStyles();
  const [name, setName] = useState("");
  const [type, setType] = useState<(typeof PARAMETER_TYPES)[number]>("String");
  const [description, setDescription] = useState("");
  const [sensitive, setSensitive] = useState(false);
  const [left, setLeft] = useState(false);
  const isTaken = taken.some((one) => one.toLowerCase() === name.trim().toLowerCase());
  const fault = !isName(name.trim()) ? t("desktop.notAName") : isTaken && role === "input" ? t("desktop.nameTaken") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLeft(true);
    if (fault !== undefined) return;
    onAdd({ role, name: name.trim(), type, description: description.trim(), sensitive });
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t(role === "input" ? "desktop.newInput" : "desktop.newOutput")}</DialogTitle>
            <DialogContent className={styles.form}>
              <Field label={t("desktop.parameterName")} required {...(left && fault !== undefined ? { validationMessage: fault } : {})}>
                <Input autoFocus value={name} maxLength={100} onChange={(_, data) => setName(data.value)} onBlur={() => setLeft(name !== "")} />
              </Field>
              <Field label={t("desktop.parameterType")}>
                <Dropdown value={typeText(type)} selectedOptions={[type]} onOptionSelect={(_, data) => setType(data.optionValue as typeof type)}>
                  {PARAMETER_TYPES.map((one) => (
                    <Option key={one} value={one}>
                      {typeText(one)}
                    </Option>
                  ))}
                </Dropdown>
              </Field>
              <Field label={t("desktop.parameterDescription")}>
                <Input value={description} onChange={(_, data) => setDescription(data.value)} />
              </Field>
              <Switch label={t("desktop.parameterSensitive")} checked={sensitive} onChange={(_, data) => setSensitive(data.checked)} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary">
                {t("desktop.addParameter")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
