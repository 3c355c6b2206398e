import { Spinner } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Suspense, lazy } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { fromText } from "@/designer/model/desktop/edits";
import { PAGE, type Choice } from "@/designer/model/versions";
import { VersionChoice } from "@/designer/versions/VersionChoice";
import { t } from "@/strings/text";
import { useDesigner } from "../designer";
import { usePaneStyles } from "../paneStyles";
import type { Side } from "./CompareDialog";

// It brings the editor of texts along, which most visits do without.
const CompareDialog = lazy(() => import("./CompareDialog").then((one) => ({ default: one.CompareDialog })));

/** What the flow was published with, and what differs between two of these, or one and what is on the page. */
export function VersionsPane() {
  const styles = usePaneStyles();
  const { flowId, text, saving, isDirty, whyNot, dispatch, look } = useDesigner();
  const versions = useQuery(endpointQuery("GET /desktopflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const restore = useMutation({
    mutationFn: async (number: number) => {
      const version = await portal("GET /desktopflows/{flowId}/versions/{number}", { path: { flowId, number } });
      const outline = await portal("POST /robin/read", { body: { text: version.text } });
      if (!outline.readable) throw new Error(t("versions.unreadable", { number }));
      dispatch({ type: "edit", change: (before) => fromText(before, outline) });
      look.tell(t("versions.restored", { number }));
    },
  });
  const sideOf = (choice: Choice): Side => (choice === PAGE ? { name: t("versions.page"), text } : choice);
  const error = versions.error ?? restore.error;
  return (
    <VersionChoice
      look={styles}
      versions={versions.data?.items}
      pageState={isDirty ? t("versions.pageUnsaved") : t(saving.server.isDraft ? "versions.pageDraft" : "versions.pagePublished")}
      current={t("versions.inForce")}
      whyNot={whyNot}
      none={<EmptyState title={t("versions.none")} text={t("versions.noneText")} />}
      onRestore={(number) => restore.mutate(number)}
      comparison={(before, after, onClose) => (
        <Suspense>
          <CompareDialog flowId={flowId} before={sideOf(before)} after={sideOf(after)} onClose={onClose} />
        </Suspense>
      )}
    >
      {error !== null && <ErrorMessage error={error} />}
      {versions.isPending && <Spinner size="tiny" label={t("versions.reading")} />}
    </VersionChoice>
  );
}
