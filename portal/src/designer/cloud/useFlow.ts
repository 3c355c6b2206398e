/** A flow while it is being worked on: what is saved, what is not yet, and how the one becomes the other. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type Fault, type FlowDocument as StoredFlow } from "@/api/portal";
import { Problem } from "@/api/problem";
import { definitionOf, readDocument, withDefinition, writeDocument, type FlowDocument } from "@/designer/model/cloud/document";
import * as past from "@/designer/model/cloud/history";
import type { JsonObject } from "@/designer/model/cloud/json";
import { dropDraft, keepDraft, readDraft, type Draft } from "./drafts";

export interface Conflict {
  /** What somebody else saved. */
  readonly theirs: StoredFlow;
  readonly mine: string;
}

/** What is saved. */
interface Order {
  readonly body: string;
  readonly version: number;
  readonly of: FlowDocument;
  readonly name?: string;
  readonly note?: string;
}

export interface Flow {
  readonly id: string;
  readonly name: string;
  readonly state: StoredFlow["state"];
  readonly document: FlowDocument;
  readonly definition: JsonObject;
  readonly mayChange: boolean;
  readonly isChanged: boolean;
  readonly isSaving: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly error: Error | null;
  readonly faults: readonly Fault[] | undefined;
  readonly conflict: Conflict | undefined;
  readonly draft: Draft | undefined;
  readonly edit: (change: (definition: JsonObject) => JsonObject, subject?: string) => void;
  readonly editDocument: (change: (document: FlowDocument) => FlowDocument, subject?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Save, and tell whether that succeeded. */
  readonly save: () => Promise<boolean>;
  readonly rename: (name: string) => Promise<boolean>;
  /** Save, and say what is new in the version that this makes. */
  readonly saveWithNote: (note: string) => Promise<boolean>;
  readonly turn: (on: boolean) => void;
  /** Settle a conflict: with a text in place of what was saved, with what was saved, or not yet. */
  readonly overwrite: (text: string) => Promise<void>;
  readonly takeTheirs: () => void;
  readonly leaveConflict: () => void;
  readonly restoreDraft: () => void;
  readonly discardDraft: () => void;
}

export function useFlow(opened: StoredFlow): Flow {
  const client = useQueryClient();
  const [stored, setStored] = useState(opened);
  const [work, setWork] = useState(() => past.begin(readDocument(opened.document, opened.path)));
  const [saved, setSaved] = useState(work.present);
  const [conflict, setConflict] = useState<Conflict>();
  const [draft, setDraft] = useState(() => readDraft(opened));
  const document = work.present;
  const isChanged = document !== saved;
  const definition = useMemo(() => definitionOf(document), [document]);
  const text = useMemo(() => (document === saved ? stored.document : writeDocument(document)), [document, saved, stored]);

  const took = (answer: StoredFlow) => {
    setStored(answer);
    client.setQueryData(endpointQuery("GET /cloudflows/{flowId}/document", { path: { flowId: answer.id } }).queryKey, answer);
    void client.invalidateQueries({ queryKey: ["GET /cloudflows"] });
  };
  const saving = useMutation({
    mutationFn: async ({ name, note, body, version }: Order) =>
      portal("PUT /cloudflows/{flowId}/document", { path: { flowId: stored.id }, body: { document: body, version, name: name ?? null, note: note ?? "" } }),
    onSuccess: (answer, { of }) => {
      took(answer);
      setSaved(of);
      dropDraft(stored.id);
    },
    onError: async (error, { body }) => {
      if (!(error instanceof Problem && error.code === "DH6650")) return;
      const theirs = await portal("GET /cloudflows/{flowId}/document", { path: { flowId: stored.id } });
      setConflict({ theirs, mine: body });
    },
  });
  const switching = useMutation({
    mutationFn: (on: boolean) => portal("PUT /cloudflows/{flowId}/state", { path: { flowId: stored.id }, body: { on } }),
    onSuccess: took,
  });
  const give = async (more: Pick<Order, "name" | "note"> = {}) => {
    if (saving.isPending || !stored.mayChange || (!isChanged && Object.keys(more).length === 0)) return !isChanged;
    const order = { body: text, version: stored.version, of: document, ...more };
    return saving.mutateAsync(order).then(
      () => true,
      () => false,
    );
  };

  useEffect(() => {
    if (isChanged) keepDraft(stored, text);
  }, [isChanged, stored, text]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    if (isChanged) window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isChanged]);

  const isConflict = saving.error instanceof Problem && saving.error.code === "DH6650";
  return {
    id: stored.id,
    name: stored.name,
    state: stored.state,
    document,
    definition,
    mayChange: stored.mayChange,
    isChanged,
    isSaving: saving.isPending,
    canUndo: work.past.length > 0,
    canRedo: work.future.length > 0,
    error: isConflict ? switching.error : (saving.error ?? switching.error),
    faults: useFaults(stored.id, text),
    conflict,
    draft,
    edit: (change, subject) =>
      setWork((before) => past.change(before, changed(before.present, change(definitionOf(before.present))), subject)),
    editDocument: (change, subject) => setWork((before) => past.change(before, change(before.present), subject)),
    undo: () => setWork(past.undo),
    redo: () => setWork(past.redo),
    save: () => give(),
    rename: (name) => give({ name }),
    saveWithNote: (note) => give({ note }),
    turn: (on) => switching.mutate(on),
    overwrite: async (mine) => {
      if (conflict === undefined) return;
      const document = readDocument(mine, conflict.theirs.path);
      setWork((before) => past.change(before, document));
      await saving.mutateAsync({ body: mine, version: conflict.theirs.version, of: document });
      setConflict(undefined);
    },
    takeTheirs: () => {
      if (conflict === undefined) return;
      const document = readDocument(conflict.theirs.document, conflict.theirs.path);
      setWork((before) => past.change(before, document));
      setSaved(document);
      took(conflict.theirs);
      dropDraft(stored.id);
      setConflict(undefined);
      saving.reset();
    },
    leaveConflict: () => setConflict(undefined),
    restoreDraft: () => {
      if (draft !== undefined) {
        setWork((before) => past.change(before, readDocument(draft.text, stored.path)));
        // Saving names the version that the draft was made from, so that nothing in between is overwritten.
        setStored({ ...stored, version: draft.version });
      }
      setDraft(undefined);
    },
    discardDraft: () => {
      dropDraft(stored.id);
      setDraft(undefined);
    },
  };
}

function changed(document: FlowDocument, definition: JsonObject): FlowDocument {
  return definition === definitionOf(document) ? document : withDefinition(document, definition);
}

/** Return what the checker says of the text, a moment after it was changed. */
function useFaults(flowId: string, text: string): readonly Fault[] | undefined {
  const [checked, setChecked] = useState(text);
  const latest = useDeferredValue(text);
  useEffect(() => {
    const soon = setTimeout(() => setChecked(latest), 600);
    return () => clearTimeout(soon);
  }, [latest]);
  const { data } = useQuery({
    queryKey: ["check", flowId, checked],
    queryFn: ({ signal }) => portal("POST /cloudflows/check", { body: { document: checked, flowId }, signal }),
    placeholderData: (before) => before,
    meta: { topics: ["flows"] },
    gcTime: 10_000,
  });
  return data?.items;
}
