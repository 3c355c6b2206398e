/** Saving and publishing what is on the page, without losing what somebody else saved meanwhile. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { portal, type DesktopFlowText } from "@/api/portal";
import { Problem } from "@/api/problem";
import { t } from "@/strings/text";
import type { Editor } from "./useEditor";

const CHANGED_MEANWHILE = "DH6650";

export interface Saving {
  /** The flow as the server has it. */
  readonly server: DesktopFlowText;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** Whether what this browser kept is on the page. */
  readonly isRestored: boolean;
  readonly whyNoSave: string | undefined;
  readonly whyNoPublish: string | undefined;
  readonly save: () => void;
  readonly publish: () => void;
  readonly publishNow: (note?: string) => Promise<unknown>;
}

interface Wanted {
  readonly editor: Editor;
  readonly server: DesktopFlowText;
  readonly errors: number;
  readonly isRestored: boolean;
  /** Whether there is something that is not in the text yet: a form with changes, rows that are being written. */
  readonly isUnwritten: boolean;
  readonly onSaved: (flow: DesktopFlowText) => void;
  readonly onConflict: (message: string) => void;
}

export function useSaving({ editor, server, errors, isRestored, isUnwritten, onSaved, onConflict }: Wanted): Saving {
  const queries = useQueryClient();
  const [restored, setRestored] = useState(isRestored);
  const saving = useMutation({
    mutationFn: (order: { readonly publish: boolean; readonly note?: string }) =>
      portal("PUT /desktopflows/{flowId}/text", { path: { flowId: server.id }, body: { text: editor.text, version: server.version, ...order } }),
    onSuccess: (saved) => {
      onSaved(saved);
      setRestored(false);
      editor.dispatch({ type: "saved", text: saved.text });
      void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).includes("/desktopflows") });
    },
    onError: (error) => {
      if (isConflict(error)) onConflict(error.message);
    },
  });
  const readOnly = server.mayChange ? undefined : t("desktop.readOnly");
  const isChanged = editor.isDirty || isUnwritten;
  const needsPublishing = isChanged || server.isDraft;
  const whyNoSave = readOnly ?? (isChanged ? undefined : t("desktop.nothingToSave"));
  const whyNoPublish = readOnly ?? (errors > 0 ? t("desktop.hasErrors", { count: errors }) : needsPublishing ? undefined : t("desktop.isPublished"));
  const unless = (why: string | undefined, publish: boolean) => () => {
    if (why === undefined && !saving.isPending) saving.mutate({ publish });
  };
  return {
    server,
    isPending: saving.isPending,
    error: isConflict(saving.error) ? null : saving.error,
    isRestored: restored,
    whyNoSave,
    whyNoPublish,
    save: unless(whyNoSave, false),
    publish: unless(whyNoPublish, true),
    publishNow: (note = "") => saving.mutateAsync({ publish: true, note }),
  };
}

function isConflict(error: unknown): error is Problem {
  return error instanceof Problem && error.status === 409 && error.code === CHANGED_MEANWHILE;
}
