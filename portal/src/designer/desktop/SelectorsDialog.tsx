import {
  Button,
  Checkbox,
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
  Switch,
  Tab,
  TabList,
  Textarea,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import { Add20Regular, ArrowDown20Regular, ArrowUp20Regular, Copy20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ElementPlace, ElementSelector } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import * as change from "@/designer/model/desktop/selectors";
import { t, type TextKey } from "@/strings/text";
import { selecting, type Change } from "./useElements";

const useStyles = makeStyles({
  surface: { maxWidth: "min(960px, 94vw)", width: "94vw" },
  content: { display: "grid", gridTemplateColumns: "240px minmax(0, 1fr)", gap: "16px", minHeight: "320px", "@media (max-width: 760px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  whole: { gridColumn: "1 / -1", margin: 0, color: tokens.colorNeutralForeground2 },
  left: { display: "flex", flexDirection: "column", gap: "8px", minWidth: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "2px" },
  selector: { width: "100%", justifyContent: "flex-start", fontWeight: tokens.fontWeightRegular, overflowWrap: "anywhere", textAlign: "start" },
  off: { color: tokens.colorNeutralForeground3, textDecorationLine: "line-through" },
  tools: { display: "flex", flexWrap: "wrap", gap: "4px" },
  right: { display: "flex", flexDirection: "column", gap: "8px", minWidth: 0 },
  part: { margin: 0, padding: "8px 12px", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  scroll: { overflowX: "auto" },
  table: { width: "100%", borderCollapse: "collapse", "& th": { textAlign: "start", fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 }, "& td, & th": { padding: "2px 8px 2px 0" } },
  operator: { minWidth: "150px" },
  value: { width: "100%", minWidth: "140px" },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere", margin: 0, padding: "8px", backgroundColor: tokens.colorNeutralBackground3, borderRadius: tokens.borderRadiusMedium },
  text: { "& textarea": { fontFamily: tokens.fontFamilyMonospace, minHeight: "120px" } },
  label: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, margin: 0 },
});

interface SelectorsDialogProps {
  readonly name: string;
  readonly place: ElementPlace;
  readonly selectors: readonly ElementSelector[];
  readonly isReadOnly: boolean;
  readonly onChange: (change: Change) => Promise<void>;
  readonly onClose: () => void;
}

/** How a screen or UI element is found: its selectors in order, each by its parts or as a text. */
export function SelectorsDialog({ name, place, selectors: former, isReadOnly, onChange, onClose }: SelectorsDialogProps) {
  const styles = useStyles();
  const [selectors, setSelectors] = useState<change.Selectors>(former);
  const [at, setAt] = useState(0);
  const save = useMutation({ mutationFn: () => onChange(selecting(place, selectors)), onSuccess: onClose });
  const shown = selectors[at];
  const edit = (next: change.Selectors, to = at) => {
    setSelectors(next);
    setAt(Math.min(to, next.length - 1));
  };
  return (
    <Dialog open onOpenChange={(_, data) => data.type !== "backdropClick" && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("elements.selectorsOf", { name })}</DialogTitle>
          <DialogContent className={styles.content}>
            <p className={styles.whole}>{t("elements.selectorsText")}</p>
            <div className={styles.left}>
              <ol className={styles.list} aria-label={t("elements.selectorList")}>
                {selectors.map((one, place_) => (
                  <li key={place_}>
                    <Button className={mergeClasses(styles.selector, !one.enabled && styles.off)} appearance={place_ === at ? "secondary" : "subtle"} aria-pressed={place_ === at} size="small" onClick={() => setAt(place_)}>
                      {t("elements.selectorName", { number: place_ + 1, name: one.name })} {!one.enabled && `(${t("elements.off")})`}
                    </Button>
                  </li>
                ))}
              </ol>
              {!isReadOnly && <Tools selectors={selectors} at={at} onEdit={edit} />}
            </div>
            {shown !== undefined && <SelectorEditor key={at} selector={shown} isReadOnly={isReadOnly} edit={(make) => edit(make(selectors, at))} />}
            {save.error !== null && <ErrorMessage error={save.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
            {!isReadOnly && (
              <Button appearance="primary" disabledFocusable={save.isPending} onClick={() => !save.isPending && (selectors === former ? onClose() : save.mutate())}>
                {t("elements.save")}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface ToolsProps {
  readonly selectors: change.Selectors;
  readonly at: number;
  readonly onEdit: (selectors: change.Selectors, at?: number) => void;
}

function Tools({ selectors, at, onEdit }: ToolsProps) {
  const styles = useStyles();
  const isLast = selectors.length === 1;
  return (
    <div role="toolbar" aria-label={t("elements.selectorList")} className={styles.tools}>
      <Button size="small" icon={<ArrowUp20Regular />} aria-label={t("elements.moveUp")} title={t("elements.moveUp")} disabledFocusable={at === 0} onClick={() => onEdit(change.move(selectors, at, at - 1), at - 1)} />
      <Button size="small" icon={<ArrowDown20Regular />} aria-label={t("elements.moveDown")} title={t("elements.moveDown")} disabledFocusable={at === selectors.length - 1} onClick={() => onEdit(change.move(selectors, at, at + 1), at + 1)} />
      <Button size="small" icon={<Copy20Regular />} aria-label={t("elements.copySelector")} title={t("elements.copySelector")} onClick={() => onEdit(change.duplicate(selectors, at), at + 1)} />
      <Explained why={isLast ? t("elements.lastSelector") : undefined}>
        <Button size="small" icon={<Delete20Regular />} aria-label={t("elements.deleteSelector")} disabledFocusable={isLast} onClick={() => onEdit(change.remove(selectors, at))} />
      </Explained>
      <Button size="small" icon={<Add20Regular />} onClick={() => onEdit(change.add(selectors, t("elements.newSelector")), selectors.length)}>
        {t("elements.addSelector")}
      </Button>
    </div>
  );
}

/** Makes other selectors of them, where the one at a place is meant. */
type Make = (selectors: change.Selectors, at: number) => change.Selectors;

interface SelectorEditorProps {
  readonly selector: ElementSelector;
  readonly isReadOnly: boolean;
  readonly edit: (make: Make) => void;
}

function SelectorEditor({ selector, isReadOnly, edit }: SelectorEditorProps) {
  const styles = useStyles();
  const canBeVisual = selector.parts.length > 0;
  return (
    <div className={styles.right}>
      <Switch label={t("elements.tried")} checked={selector.enabled} disabled={isReadOnly} onChange={(_, data) => edit((all, at) => change.setEnabled(all, at, data.checked))} />
      <TabList size="small" aria-label={t("elements.editor")} selectedValue={selector.custom ? "text" : "visual"} onTabSelect={(_, data) => edit((all, at) => change.setCustom(all, at, data.value === "text"))}>
        <Tab value="visual" disabled={isReadOnly || !canBeVisual} title={canBeVisual ? undefined : t("elements.noParts")}>
          {t("elements.visual")}
        </Tab>
        <Tab value="text" disabled={isReadOnly}>
          {t("elements.text")}
        </Tab>
      </TabList>
      {selector.custom ? (
        <Field label={t("elements.selectorText")}>
          <Textarea className={styles.text} resize="vertical" spellCheck={false} readOnly={isReadOnly} value={selector.text} onChange={(_, data) => edit((all, at) => change.setText(all, at, data.value))} />
        </Field>
      ) : (
        <>
          {selector.parts.map((_, part) => (
            <Part key={part} selector={selector} part={part} isReadOnly={isReadOnly} edit={edit} />
          ))}
          <p className={styles.label}>{t("elements.preview")}</p>
          <pre className={styles.code} style={{ whiteSpace: "pre-wrap" }}>
            {selector.text}
          </pre>
        </>
      )}
    </div>
  );
}

function Part({ selector, part: place, isReadOnly, edit }: SelectorEditorProps & { readonly part: number }) {
  const styles = useStyles();
  const part = selector.parts[place];
  if (part === undefined) return null;
  return (
    <fieldset className={styles.part}>
      <legend>
        <Checkbox
          label={t("elements.part", { number: place + 1, name: part.name || part.tag })}
          checked={part.enabled}
          disabled={isReadOnly}
          onChange={(_, data) => edit((all, at) => change.setPart(all, at, place, { enabled: data.checked === true }))}
        />
      </legend>
      {part.attributes.length === 0 ? (
        <p className={styles.label}>{t("elements.noAttributes")}</p>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("elements.attribute")}</th>
                <th scope="col">{t("elements.operator")}</th>
                <th scope="col">{t("elements.value")}</th>
              </tr>
            </thead>
            <tbody>
              {part.attributes.map((one, index) => {
                const set = (next: Partial<typeof one>) => edit((all, at) => change.setAttribute(all, at, place, index, next));
                return (
                  <tr key={one.name + index}>
                    <td>
                      <Checkbox label={one.name} checked={one.enabled} disabled={isReadOnly} onChange={(_, data) => set({ enabled: data.checked === true })} />
                    </td>
                    <td>
                      <Dropdown
                        size="small"
                        className={styles.operator}
                        aria-label={t("elements.operatorOf", { name: one.name })}
                        disabled={isReadOnly || !one.enabled}
                        value={operatorText(one.operator)}
                        selectedOptions={[one.operator]}
                        onOptionSelect={(_, data) => set({ operator: data.optionValue ?? one.operator })}
                      >
                        {Object.keys(change.OPERATORS).map((operator) => (
                          <Option key={operator} value={operator}>
                            {operatorText(operator)}
                          </Option>
                        ))}
                      </Dropdown>
                    </td>
                    <td>
                      <Input size="small" className={styles.value} aria-label={t("elements.valueOf", { name: one.name })} readOnly={isReadOnly} disabled={!one.enabled} value={one.value} onChange={(_, data) => set({ value: data.value })} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </fieldset>
  );
}

function operatorText(operator: string): string {
  return operator in change.OPERATORS ? t(`elements.operators.${operator}` as TextKey) : operator;
}
