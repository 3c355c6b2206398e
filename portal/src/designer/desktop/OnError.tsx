import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, Field, Input, Select, makeStyles, tokens } from "@fluentui/react-components";
import { Add16Regular, Dismiss16Regular } from "@fluentui/react-icons";
import { useId } from "react";
import type { ErrorHandling, ErrorRule, ErrorStep } from "@/api/portal";
import { t, type TextKey } from "@/strings/text";
import type { Names } from "./ActionPanel";

const useStyles = makeStyles({
  pair: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", gap: "8px", alignItems: "start" },
  rules: { display: "flex", flexDirection: "column", gap: "12px" },
  rule: { display: "flex", flexDirection: "column", gap: "8px", margin: 0, padding: "8px", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  legend: { padding: "0 4px", fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase200 },
  step: { display: "flex", gap: "4px", alignItems: "start", "& > :first-child": { flex: "1 1 auto", minWidth: 0 } },
  buttons: { display: "flex", gap: "4px", flexWrap: "wrap" },
  narrow: { minWidth: 0, width: "100%" },
  panel: { display: "flex", flexDirection: "column", gap: "12px", marginTop: "8px" },
});

type Then = ErrorRule["then"];
const WAYS: readonly (readonly [Then, TextKey])[] = [
  ["next", "onError.next"],
  ["repeat", "onError.repeat"],
  ["label", "onError.label"],
  ["fail", "onError.fail"],
];

interface OnErrorProps {
  readonly handling: ErrorHandling;
  /** The names of errors that the action can tell apart. */
  readonly errors: readonly string[];
  readonly names: Names;
  readonly isReadOnly: boolean;
  /** What is wrong, by place. */
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (handling: ErrorHandling) => void;
}

/** What happens when the action fails: retries, and rules for all errors or for some. */
export function OnError({ handling, errors, names, isReadOnly, problems, onChange }: OnErrorProps) {
  const styles = useStyles();
  const { rules } = handling;
  const known = new Set(rules.map((one) => one.error));
  const left = errors.filter((one) => !known.has(one));
  const setRule = (at: number, rule: ErrorRule) => onChange({ ...handling, rules: rules.map((one, place) => (place === at ? rule : one)) });
  const addRule = (error: string | null) => onChange({ ...handling, rules: [...rules, { error, steps: [], then: error === null ? "next" : "fail", label: "" }] });
  return (
    <Accordion collapsible defaultOpenItems={handling.times !== "" || rules.length > 0 ? ["on error"] : []}>
      <AccordionItem value="on error">
        <AccordionHeader as="h3">{t("onError.title", { state: stateOf(handling) })}</AccordionHeader>
        <AccordionPanel className={styles.panel}>
          <div className={styles.pair}>
            <Field label={t("onError.times")} {...fault(problems, "times")}>
              <Input className={styles.narrow} readOnly={isReadOnly} placeholder="0" value={handling.times} onChange={(_, data) => onChange({ ...handling, times: data.value })} />
            </Field>
            <Field label={t("onError.seconds")} {...fault(problems, "seconds")}>
              <Input className={styles.narrow} readOnly={isReadOnly} placeholder="0" value={handling.seconds} onChange={(_, data) => onChange({ ...handling, seconds: data.value })} />
            </Field>
          </div>
          <div className={styles.rules}>
            {rules.map((rule, at) => (
              <Rule
                key={at}
                rule={rule}
                place={`rules.${at}`}
                names={names}
                isReadOnly={isReadOnly}
                problems={problems}
                onChange={(next) => setRule(at, next)}
                onRemove={() => onChange({ ...handling, rules: rules.filter((_, place) => place !== at) })}
              />
            ))}
          </div>
          {!isReadOnly && !known.has(null) && (
            <Button size="small" icon={<Add16Regular />} onClick={() => addRule(null)}>
              {t("onError.addAll")}
            </Button>
          )}
          {!isReadOnly && left.length > 0 && (
            <Field label={t("onError.advanced")}>
              <Select value="" onChange={(_, data) => data.value !== "" && addRule(data.value)}>
                <option value="">{t("onError.choose")}</option>
                {left.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </Select>
            </Field>
          )}
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

function stateOf({ times, rules }: ErrorHandling): string {
  if (times === "" && rules.length === 0) return t("onError.none");
  return [times !== "" && t("onError.retries", { times }), rules.length > 0 && t("onError.rules", { count: rules.length })].filter(Boolean).join(", ");
}

interface RuleProps {
  readonly rule: ErrorRule;
  readonly place: string;
  readonly names: Names;
  readonly isReadOnly: boolean;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (rule: ErrorRule) => void;
  readonly onRemove: () => void;
}

function Rule({ rule, place, names, isReadOnly, problems, onChange, onRemove }: RuleProps) {
  const styles = useStyles();
  const title = rule.error === null ? t("onError.allErrors") : t("onError.oneError", { name: rule.error });
  const setStep = (at: number, step: ErrorStep) => onChange({ ...rule, steps: rule.steps.map((one, index) => (index === at ? step : one)) });
  const addStep = (kind: ErrorStep["kind"]) => onChange({ ...rule, steps: [...rule.steps, { kind, name: "", value: "" }] });
  return (
    <fieldset className={styles.rule} disabled={isReadOnly}>
      <legend className={styles.legend}>{title}</legend>
      {rule.steps.map((step, at) => (
        <div key={at} className={styles.step}>
          <Step step={step} place={`${place}.steps.${at}`} names={names} problems={problems} onChange={(next) => setStep(at, next)} />
          <Button size="small" appearance="subtle" icon={<Dismiss16Regular />} aria-label={t("onError.removeStep", { number: at + 1, rule: title })} onClick={() => onChange({ ...rule, steps: rule.steps.filter((_, index) => index !== at) })} />
        </div>
      ))}
      <Field label={t("onError.continue")} {...fault(problems, `${place}.error`)}>
        <Select value={rule.then} onChange={(_, data) => onChange({ ...rule, then: data.value as Then })}>
          {WAYS.map(([way, text]) => (
            <option key={way} value={way}>
              {t(text)}
            </option>
          ))}
        </Select>
      </Field>
      {rule.then === "label" && (
        <Named label={t("onError.labelName")} value={rule.label} known={names.labels} problem={problems.get(`${place}.label`)} onChange={(label) => onChange({ ...rule, label })} />
      )}
      <div className={styles.buttons}>
        <Button size="small" onClick={() => addStep("set")}>
          {t("onError.addSet")}
        </Button>
        <Button size="small" onClick={() => addStep("call")}>
          {t("onError.addCall")}
        </Button>
        <Button size="small" onClick={onRemove}>
          {t("onError.removeRule")}
        </Button>
      </div>
    </fieldset>
  );
}

interface StepProps {
  readonly step: ErrorStep;
  readonly place: string;
  readonly names: Names;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (step: ErrorStep) => void;
}

function Step({ step, place, names, problems, onChange }: StepProps) {
  const styles = useStyles();
  const nameFault = problems.get(`${place}.name`);
  if (step.kind === "call") {
    return <Named label={t("onError.subflow")} value={step.name} known={names.subflows} problem={nameFault} onChange={(name) => onChange({ ...step, name })} />;
  }
  return (
    <div className={styles.pair}>
      <Named label={t("onError.variable")} value={step.name} known={names.variables.map((one) => one.name)} problem={nameFault} onChange={(name) => onChange({ ...step, name })} />
      <Field label={t("onError.value")} {...fault(problems, `${place}.value`)}>
        <Input className={styles.narrow} value={step.value} onChange={(_, data) => onChange({ ...step, value: data.value })} />
      </Field>
    </div>
  );
}

interface NamedProps {
  readonly label: string;
  readonly value: string;
  readonly known: readonly string[];
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A name that is chosen or typed. */
function Named({ label, value, known, problem, onChange }: NamedProps) {
  const styles = useStyles();
  const id = useId();
  return (
    <Field label={label} {...(problem === undefined ? {} : { validationMessage: problem })}>
      {(control) => (
        <>
          <Input {...control} className={styles.narrow} autoComplete="off" list={id} value={value} onChange={(_, data) => onChange(data.value)} />
          <datalist id={id}>
            {known.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function fault(problems: ReadonlyMap<string, string>, place: string) {
  const message = problems.get(place);
  return message === undefined ? {} : { validationMessage: message };
}
