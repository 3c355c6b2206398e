import { Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { readDocument, writeDocument } from "@/designer/model/cloud/document";
import { PAGE, type Choice } from "@/designer/model/versions";
import { VersionChoice } from "@/designer/versions/VersionChoice";
import { t } from "@/strings/text";
import { CompareVersions, type Side } from "./CompareVersions";
import { useDesigner } from "./context";

const useStyles = makeStyles({
  pane: { padding: "12px 16px" },
  head: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: "8px", marginBottom: "8px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  told: { margin: "0 0 8px", color: tokens.colorNeutralForeground2 },
});

/** What the flow was saved with; two of these, or one and what is on the page, are compared as code. */
export function VersionsPane({ isChanged }: { readonly isChanged: boolean }) {
  const styles = useStyles();
  const { flowId, document, readOnly, editDocument } = useDesigner();
  const versions = useQuery(endpointQuery("GET /cloudflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const restore = useMutation({
    mutationFn: (number: number) => portal("GET /cloudflows/{flowId}/versions/{number}", { path: { flowId, number } }),
    onSuccess: (version) => editDocument(() => readDocument(version.document, version.path)),
  });
  const sideOf = (choice: Choice): Side => (choice === PAGE ? { name: t("versions.page"), text: writeDocument(document) } : choice);
  const error = versions.error ?? restore.error;
  return (
    <VersionChoice
      look={styles}
      versions={versions.data?.items}
      pageState={t(isChanged ? "versions.pageUnsaved" : "cloud.versions.current")}
      current={t("cloud.versions.current")}
      whyNot={readOnly ? t("cloud.readOnly") : undefined}
      none={<p className={styles.told}>{t("cloud.versions.none")}</p>}
      onRestore={(number) => restore.mutate(number)}
      comparison={(before, after, onClose) => <CompareVersions flowId={flowId} before={sideOf(before)} after={sideOf(after)} onClose={onClose} />}
    >
      {error !== null && <ErrorMessage error={error} />}
      {versions.isPending && <Spinner size="tiny" label={t("versions.reading")} />}
      <p className={styles.told} role="status">
        {restore.data !== undefined && isChanged ? t("cloud.versions.restored", { number: restore.data.number }) : ""}
      </p>
    </VersionChoice>
  );
}
