import { Button, Combobox, Field, FieldContextProvider, Option, Popover, PopoverSurface, PopoverTrigger, Tooltip, makeStyles } from "@fluentui/react-components";
import { ChevronDown20Regular, Flash20Regular } from "@fluentui/react-icons";
import { useMemo, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { useDesigner } from "@/designer/cloud/context";
import type { Json } from "@/designer/model/cloud/json";
import { readTyped, typed } from "@/designer/model/cloud/making";
import { chipOf, segmentsOf, withSegment, type Segment } from "@/designer/model/cloud/segments";
import { t } from "@/strings/text";
import { chipWords } from "./chipWords";
import type { Described } from "./chips";
import { ContentPicker } from "./ContentPicker";
import { TokenEditor, type TokenEditing } from "./TokenEditor";
import { useTokens } from "./useTokens";

const useStyles = makeStyles({
  row: { display: "flex", alignItems: "flex-start", gap: "4px" },
  input: { flex: "1 1 auto", minWidth: 0 },
});

interface ValueFieldProps {
  /** The step whose field it is. */
  readonly step: string;
  readonly label: string;
  readonly value: Json | undefined;
  readonly type: string;
  readonly required?: boolean;
  readonly hint?: string | undefined;
  readonly options?: readonly string[];
  readonly placeholder?: string | undefined;
  readonly problem?: string | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

/** What is picked for: something at the caret, or something else in a chip's place. */
type Picking = { readonly segment: Segment | undefined; readonly text: string; readonly byButton?: boolean };

/** A field that takes a value, what an earlier step gives, or an expression. */
export function ValueField({ step, label, value, type, required = false, hint, options = [], placeholder, problem, onChange }: ValueFieldProps) {
  const styles = useStyles();
  const { readOnly } = useDesigner();
  // What is typed stays as it is while it makes the same value.
  const [draft, setDraft] = useState<string>();
  const [picking, setPicking] = useState<Picking>();
  const [left, setLeft] = useState(false);
  const [hinted, setHinted] = useState(false);
  const editor = useRef<TokenEditing>(null);
  const choice = useRef<HTMLInputElement>(null);
  const describe = useDescription(step);
  const shown = draft !== undefined && same(valueOf(type, draft), value) ? draft : typed(value);
  const isChoice = options.length > 0 && segmentsOf(shown).length === 0;
  const give = (text: string) => {
    setDraft(text);
    onChange(valueOf(type, text));
  };
  const close = (toField = picking?.byButton !== true) => {
    setPicking(undefined);
    if (!toField) return;
    // After the popover has given the focus back to the button that stands beside the field.
    requestAnimationFrame(() => (editor.current ?? choice.current)?.focus());
  };
  const pick = (expression: string) => {
    const { segment } = picking ?? {};
    if (editor.current === null) give(`@${expression}`);
    else if (segment === undefined) editor.current.insert(expression);
    else editor.current.replace(withSegment(shown, segment, expression));
    close(true);
  };
  const ask = () => setPicking({ segment: undefined, text: shown });
  const missing = required && left && shown === "" ? t("cloud.required", { name: label }) : undefined;
  return (
    <Field label={label} required={required} hint={hint ?? null} validationMessage={problem ?? missing ?? null}>
      {(field) => (
        <div className={styles.row}>
          {isChoice ? (
            <Choice ref={choice} field={field} shown={shown} options={options} readOnly={readOnly} onGive={give} onLeave={() => setLeft(true)} onAsk={ask} />
          ) : (
            <TokenEditor
              ref={editor}
              field={field}
              text={shown}
              isCode={type === "any" || type === "object" || type === "array"}
              readOnly={readOnly}
              placeholder={placeholder ?? ""}
              describe={describe}
              onChange={give}
              onLeave={() => setLeft(true)}
              onAsk={ask}
              onOpen={(segment) => !readOnly && setPicking({ segment, text: shown })}
            />
          )}
          {!readOnly && options.length > 0 && !isChoice && (
            <Tooltip content={t("cloud.chip.choices", { field: label })} relationship="label">
              <Button appearance="subtle" icon={<ChevronDown20Regular />} onClick={() => (give(""), requestAnimationFrame(() => choice.current?.focus()))} />
            </Tooltip>
          )}
          {!readOnly && (
            <Popover open={picking !== undefined} onOpenChange={(_, data) => (data.open ? setPicking({ segment: undefined, text: shown, byButton: true }) : close())} trapFocus unstable_disableAutoFocus withArrow positioning="after">
              <PopoverTrigger disableButtonEnhancement>
                {/* It would stand over what is picked from. */}
                <Tooltip content={t("cloud.dynamic", { field: label })} relationship="label" visible={hinted && picking === undefined} onVisibleChange={(_, data) => setHinted(data.visible)}>
                  <Button appearance="subtle" icon={<Flash20Regular />} />
                </Tooltip>
              </PopoverTrigger>
              <PopoverSurface aria-label={t("cloud.dynamic", { field: label })}>
                {/* What is searched for is no value of this field. */}
                <FieldContextProvider value={undefined}>
                  <ContentPicker step={step} initial={picking?.segment?.expression ?? ""} onPick={pick} />
                </FieldContextProvider>
              </PopoverSurface>
            </Popover>
          )}
        </div>
      )}
    </Field>
  );
}

const valueOf = (type: string, text: string) => (text === "" ? undefined : readTyped(type, text));
const same = (one: Json | undefined, other: Json | undefined) => JSON.stringify(one) === JSON.stringify(other);

/** Return what says what the chips of a step's fields say. */
function useDescription(step: string): Described {
  const tokens = useTokens(step);
  return useMemo(() => (expression) => chipOf(expression, tokens, chipWords()), [tokens]);
}

interface ChoiceProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly field: object;
  readonly shown: string;
  readonly options: readonly string[];
  readonly readOnly: boolean;
  readonly onGive: (text: string) => void;
  readonly onLeave: () => void;
  readonly onAsk: () => void;
}

/** One of a few values; what an earlier step gives, or an expression, is put in its place. */
function Choice({ ref, field, shown, options, readOnly, onGive, onLeave, onAsk }: ChoiceProps) {
  const styles = useStyles();
  const ask = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || readOnly) return;
    event.preventDefault();
    onAsk();
  };
  return (
    <Combobox
      {...field}
      input={{ ref }}
      className={styles.input}
      freeform
      value={shown}
      selectedOptions={[shown]}
      readOnly={readOnly}
      onKeyDown={ask}
      onChange={(event) => onGive(event.target.value)}
      onOptionSelect={(_, data) => onGive(data.optionValue ?? "")}
      onBlur={onLeave}
    >
      {options.map((one) => (
        <Option key={one} value={one}>
          {one}
        </Option>
      ))}
    </Combobox>
  );
}
