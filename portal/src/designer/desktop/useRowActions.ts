/** What is done with rows: adding, copying, moving, removing. */
import { useMutation } from "@tanstack/react-query";
import { portal, type FlowVariable, type OutlineRow, type PaletteGroup, type RowForm } from "@/api/portal";
import { keyed, rowText, type Document, type Row } from "@/designer/model/desktop/document";
import { withHidden } from "@/designer/model/desktop/blocks";
import * as edits from "@/designer/model/desktop/edits";
import { isName } from "@/designer/model/desktop/parameters";
import { t } from "@/strings/text";
import { documentOf, insertionPlace, subflowOf } from "./editor";
import type { Editor } from "./useEditor";
import type { Look } from "./useLook";
import { WRITING } from "./writing";

type Keys = ReadonlySet<number>;

export interface RowActions {
  readonly error: Error | null;
  /** Put a new row of a form at a place, or after the selection; its fields open. */
  readonly insert: (form: RowForm, at?: number) => void;
  readonly insertNamed: (name: string, at: number) => void;
  readonly copy: (keys: Keys) => void;
  readonly paste: () => void;
  readonly remove: (keys: Keys) => void;
  readonly duplicate: (keys: Keys) => void;
  readonly toggleDisabled: (keys: Keys) => void;
  readonly moveTo: (at: number) => void;
  readonly moveBy: (down: boolean) => void;
  readonly rewrite: (row: Row, written: OutlineRow) => void;
  readonly open: (row: Row) => void;
  readonly rename: (variable: FlowVariable, name: string) => Promise<void>;
  /** Put rows into a new region, or an empty one after the selection; its title is asked for. */
  readonly addRegion: (keys: Keys) => void;
  readonly addComment: () => void;
  /** Take a whole text that the server wrote, as one step to undo. */
  readonly replaceText: (text: string) => Promise<void>;
}

interface Wanted {
  readonly editor: Editor;
  readonly groups: readonly PaletteGroup[];
  readonly whyNot: string | undefined;
  readonly look: Look;
}

export function useRowActions({ editor, groups, whyNot, look }: Wanted): RowActions {
  const { state, dispatch } = editor;
  const document = documentOf(state);
  const { name, rows } = subflowOf(state);
  const chosen = withHidden(rows, state.selected, state.folded);
  const may = whyNot === undefined;
  const edit = (change: (before: Document) => Document, select: readonly Row[] = []) => dispatch({ type: "edit", change, select: select.map((row) => row.key) });

  const add = useMutation({
    mutationKey: WRITING,
    mutationFn: async ({ form, at }: { readonly form: RowForm; readonly at: number }) => {
      const targets = Object.fromEntries(form.produced.map((one) => [one.name, freeName(one.variable || one.name, state.variables)]));
      const written = await portal("POST /robin/write", { body: { name: form.name, values: {}, targets } });
      return { rows: keyed(written.rows), at };
    },
    onSuccess: (written, { form }) => {
      edit((before) => edits.insert(before, { subflow: name, at: written.at }, written.rows).document, written.rows);
      if (form.fields.length > 0 || form.produced.length > 0) look.openPanel(written.rows[0]?.key);
    },
  });
  const insert = (form: RowForm, at = insertionPlace(state)) => {
    if (may) add.mutate({ form, at });
  };
  const paste = useMutation({
    mutationKey: WRITING,
    mutationFn: async (copied: string) => ({ ...(await portal("POST /robin/paste", { body: { text: editor.text, copied } })), at: insertionPlace(state) }),
    onSuccess: ({ outline, renamed, at }) => {
      if (!outline.readable) {
        look.tell(t("desktop.notPasted", { problem: outline.findings[0]?.message ?? "" }));
        return;
      }
      look.tell(renamed.length === 0 ? undefined : t("elements.pastedRenamed", { count: renamed.length, names: renamed.map((one) => one.new).join(", ") }));
      const rows = keyed(outline.subflows[0]?.rows ?? []);
      edit((before) => edits.paste(before, { subflow: name, at }, outline, rows).document, rows);
    },
  });

  const region = useMutation({
    mutationKey: WRITING,
    mutationFn: async (keys: Keys) => {
      const [begin, end] = await Promise.all(["**REGION", "**ENDREGION"].map((form) => portal("POST /robin/write", { body: { name: form, values: {}, targets: {} } })));
      return { keys, ends: keyed([...(begin?.rows ?? []), ...(end?.rows ?? [])]) };
    },
    onSuccess: ({ keys, ends: [begin, end] }) => {
      if (begin === undefined || end === undefined) return;
      edit((before) => edits.inRegion(before, { subflow: name, at: insertionPlace(state) }, keys, begin, end).document, [begin]);
      look.openPanel(begin.key);
    },
  });
  const replaceText = async (text: string) => {
    const outline = await portal("POST /robin/read", { body: { text } });
    edit((before) => edits.fromText(before, outline));
  };

  return {
    error: add.error ?? paste.error ?? region.error,
    insert,
    insertNamed: (wanted, at) => {
      const form = groups.flatMap((group) => group.forms).find((one) => one.name === wanted);
      if (form !== undefined) insert(form, at);
    },
    copy: (keys) => {
      const taken = edits.taken(document, name, keys);
      if (taken.length === 0) return;
      void toClipboard(taken.map((row) => rowText(row)).join("\n"), document.repository);
    },
    paste: () => void navigator.clipboard.readText().then((text) => text.trim() !== "" && paste.mutate(text)),
    remove: (keys) => edit((before) => edits.remove(before, name, keys)),
    duplicate: (keys) => {
      const { document: next, keys: added } = edits.duplicate(document, name, keys);
      dispatch({ type: "edit", change: () => next, select: added });
    },
    toggleDisabled: (keys) => edit((before) => edits.toggleDisabled(before, name, keys)),
    moveTo: (at) => {
      if (may) edit((before) => edits.move(before, name, chosen, at));
    },
    moveBy: (down) => {
      const at = edits.step(rows, chosen, down);
      if (at !== undefined) edit((before) => edits.move(before, name, chosen, at));
    },
    rewrite: (row, written) => edit((before) => edits.rewrite(before, name, row.key, written)),
    open: (row) => {
      if (row.name !== "END") look.openPanel(row.key);
    },
    rename: async (variable, wanted) => {
      if (!isName(wanted)) throw new Error(t("desktop.notAName"));
      const { text } = await portal("POST /robin/rename", { body: { text: editor.text, old: variable.name, new: wanted } });
      await replaceText(text);
    },
    replaceText,
    addRegion: (keys) => {
      if (may && !region.isPending) region.mutate(keys);
    },
    addComment: () => {
      const form = groups.flatMap((group) => group.forms).find((one) => one.name === "#");
      if (form !== undefined) insert(form);
    },
  };
}

/** Copies rows with the UI elements and images that they use; the server finds out which these are. */
function toClipboard(rows: string, repository: string): Promise<void> {
  if (repository === "") return navigator.clipboard.writeText(`${rows}\n`);
  const text = portal("POST /robin/copy", { body: { rows, repository } })
    .then((copied) => copied.text)
    .catch(() => `${rows}\n\n${repository}\n`);
  // The browser takes the promise, so that what comes late still belongs to the key that asked for it.
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((one) => new Blob([one], { type: "text/plain" })) })]);
}

/** The proposed name, with a number where it is taken. */
function freeName(proposed: string, variables: readonly FlowVariable[]): string {
  const taken = new Set(variables.map((one) => one.name.toLowerCase()));
  if (!taken.has(proposed.toLowerCase())) return proposed;
  let number = 2;
  while (taken.has(`${proposed}${number}`.toLowerCase())) number++;
  return `${proposed}${number}`;
}
