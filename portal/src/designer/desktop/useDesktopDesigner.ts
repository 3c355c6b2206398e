/** Puts a designer together: the document, saving it, its rows, its run, and what is on the page. */
import { useMemo, useState } from "react";
import type { DesktopFlowText, FlowOutline, PaletteGroup } from "@/api/portal";
import { t } from "@/strings/text";
import { designerCommands } from "./designerCommands";
import type { Designer, Leaving } from "./designer";
import { documentOf, subflowOf } from "./editor";
import { rowCommandGroups } from "./rowCommands";
import { useDebugging } from "./useDebugging";
import { useEditor } from "./useEditor";
import { useLook } from "./useLook";
import { useRowActions } from "./useRowActions";
import { useFollowing } from "./useFollowing";
import { useSaving } from "./useSaving";
import { useAfterWriting, useIsWriting, type OpenForm } from "./writing";

export interface Opened {
  readonly flow: DesktopFlowText;
  readonly outline: FlowOutline;
  readonly text: string;
  readonly groups: readonly PaletteGroup[];
  /** Whether the text is what this browser kept, and not what the server has. */
  readonly isRestored: boolean;
  readonly leave: Leaving;
  /** The row that is looked for first. */
  readonly at?: { readonly subflow: string; readonly row: number };
}

export function useDesktopDesigner({ flow, outline, text, groups, isRestored, leave }: Opened): Designer {
  const [server, setServer] = useState(flow);
  const editor = useEditor(flow.id, server.version, outline, text, flow.text);
  const { state, dispatch } = editor;
  const document = documentOf(state);
  const subflow = subflowOf(state);
  const look = useLook(dispatch);
  const debugging = useDebugging({ flowId: flow.id, text: editor.text, document, onBegun: () => look.openBottom("run") });
  useFollowing(debugging, dispatch);
  const isReadOnly = !server.mayChange;
  const isStale = !state.readable;
  const whyNot = isReadOnly ? t("desktop.readOnly") : debugging.isOpen ? t("debug.locked") : isStale ? t("desktop.unreadable") : undefined;
  const errors = state.findings.filter((one) => one.severity === "error").length;
  const names = useMemo(
    () => ({
      variables: state.variables,
      labels: subflow.rows.filter((row) => row.name === "LABEL").map((row) => row.summary.map((piece) => piece.text).join("")),
      subflows: document.subflows.slice(1).map((one) => one.name),
    }),
    [state.variables, subflow.rows, document.subflows],
  );
  const isWriting = useIsWriting();
  const [form, setForm] = useState<OpenForm>();
  const isUnwritten = isWriting || form !== undefined;
  const saving = useSaving({ editor, server, errors, isRestored, isUnwritten, onSaved: setServer, onConflict: (message) => look.open({ kind: "conflict", message }) });
  const rows = useRowActions({ editor, groups, whyNot, look });
  const parts = { ...editor, isDirty: editor.isDirty || isUnwritten, setForm, flowId: flow.id, groups, document, subflow, names, errors, isReadOnly, isStale, whyNot, look, saving, rows, debugging, leave };
  const commands = useAfterWriting(designerCommands(parts), isWriting, editor.text, form);
  return { ...parts, commands, commandsOf: (row) => rowCommandGroups(parts, row) };
}
