import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, MessageBar, MessageBarBody, Textarea, Tree, TreeItem, TreeItemLayout, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { LiveVariable } from "@/api/portal";
import { CopyButton } from "@/components/CopyButton";
import { isObject, plain, shapeOf, typed, type Shape } from "@/designer/model/desktop/values";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { typeText } from "@/strings/typeText";
import { spoken, visible } from "@/strings/visible";
import { useDesigner } from "./designer";

const useStyles = makeStyles({
  surface: { maxWidth: "min(800px, 94vw)" },
  content: { display: "flex", flexDirection: "column", gap: "12px" },
  shown: { maxHeight: "45vh", overflow: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  text: { margin: 0, padding: "8px 12px", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  grid: { borderCollapse: "collapse", width: "100%", fontSize: tokens.fontSizeBase200, "& th, & td": { textAlign: "start", padding: "4px 8px", borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, whiteSpace: "nowrap", maxWidth: "320px", overflow: "hidden", textOverflow: "ellipsis" } },
  head: { position: "sticky", top: 0, backgroundColor: tokens.colorNeutralBackground3 },
  number: { color: tokens.colorNeutralForeground3, fontVariantNumeric: "tabular-nums" },
  name: { fontFamily: tokens.fontFamilyMonospace },
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular, fontSize: tokens.fontSizeBase200 },
});

interface ValueDialogProps {
  readonly variable: LiveVariable;
  readonly onClose: () => void;
}

/** A variable's whole value; while the run is paused it can be changed. */
export function ValueDialog({ variable, onClose }: ValueDialogProps) {
  const styles = useStyles();
  const { debugging } = useDesigner();
  const { name, value, type, sensitive } = variable;
  const [text, setText] = useState(() => typed(value));
  const mayChange = debugging.isPaused && variable.editable;
  const change = useMutation({ mutationFn: () => debugging.setVariable(name, text), onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending) change.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>
              <UserText className={styles.name}>{name}</UserText> <span className={styles.quiet}>{typeText(type)}</span>
            </DialogTitle>
            <DialogContent className={styles.content}>
              {sensitive ? <p>{t("debug.hidden")}</p> : <Shown name={name} value={value} shape={shapeOf(value ?? variable.text)} />}
              {variable.truncated && (
                <MessageBar>
                  <MessageBarBody>{t("debug.truncated")}</MessageBarBody>
                </MessageBar>
              )}
              {mayChange && (
                <Field label={t("debug.newValue")} hint={t("debug.newValueHint")} {...(change.error === null ? {} : { validationMessage: change.error.message })}>
                  <Textarea value={text} resize="vertical" rows={text.includes("\n") ? 5 : 1} textarea={{ spellCheck: false }} onChange={(_, data) => setText(data.value)} />
                </Field>
              )}
            </DialogContent>
            <DialogActions>
              {!sensitive && <CopyButton text={JSON.stringify(value, null, 2)} label={t("debug.copyJson")} />}
              <Button onClick={onClose}>{t("common.close")}</Button>
              {mayChange && (
                <Button type="submit" appearance="primary" disabledFocusable={change.isPending}>
                  {t("debug.setValue")}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function Shown({ name, value, shape }: { readonly name: string; readonly value: unknown; readonly shape: Shape }) {
  const styles = useStyles();
  return (
    <div className={styles.shown} tabIndex={0} role="group" aria-label={t("debug.valueOf", { name })}>
      {shape.kind === "grid" && <Grid columns={shape.columns} rows={shape.rows} />}
      {shape.kind === "tree" && (
        <Tree aria-label={t("debug.valueOf", { name })} size="small" defaultOpenItems={[name]}>
          <Branch name={name} path={name} value={value} />
        </Tree>
      )}
      {shape.kind === "text" && (
        <pre className={styles.text} dir="auto">
          {visible(shape.text)}
        </pre>
      )}
    </div>
  );
}

function Grid({ columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }) {
  const styles = useStyles();
  return (
    <table className={styles.grid}>
      <thead className={styles.head}>
        <tr>
          <th scope="col">#</th>
          {columns.map((one) => (
            <th key={one} scope="col">
              <UserText>{one}</UserText>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, at) => (
          <tr key={at}>
            <td className={styles.number}>{at}</td>
            {cells.map((cell, column) => (
              <td key={columns[column]} title={spoken(plain(cell))}>
                <UserText>{plain(cell)}</UserText>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Branch({ name, path, value }: { readonly name: string; readonly path: string; readonly value: unknown }) {
  const styles = useStyles();
  const parts = Array.isArray(value) ? value.map((one, at) => [String(at), one as unknown] as const) : isObject(value) ? Object.entries(value) : undefined;
  if (parts === undefined) {
    return (
      <TreeItem itemType="leaf" value={path}>
        <TreeItemLayout>
          <UserText className={styles.name}>{name}</UserText>: <UserText>{plain(value)}</UserText>
        </TreeItemLayout>
      </TreeItem>
    );
  }
  return (
    <TreeItem itemType="branch" value={path}>
      <TreeItemLayout>
        <UserText className={styles.name}>{name}</UserText> <span className={styles.quiet}>{t("debug.parts", { count: parts.length })}</span>
      </TreeItemLayout>
      <Tree>
        {parts.map(([key, part]) => (
          <Branch key={key} name={key} path={`${path}/${key}`} value={part} />
        ))}
      </Tree>
    </TreeItem>
  );
}
