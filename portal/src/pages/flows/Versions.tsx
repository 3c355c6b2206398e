import { MenuItem } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type FlowVersions } from "@/api/portal";
import { addressOf } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { t } from "@/strings/text";
import { VersionsPanel } from "./VersionsPanel";

// It brings the editor of texts along, which most visits of the page do without.
const CompareDialog = lazy(() => import("@/designer/desktop/versions/CompareDialog").then((one) => ({ default: one.CompareDialog })));

interface VersionsProps {
  readonly flowId: string;
  readonly name: string;
  readonly canWrite: boolean;
}

/** The versions of a desktop flow, which are compared with its draft, too. */
export function Versions({ flowId, name, canWrite }: VersionsProps) {
  const { data, error } = useQuery(endpointQuery("GET /desktopflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const [restored, setRestored] = useState<number>();
  const items = data?.items ?? [];
  const inForce = items.find((one) => one.inForce)?.number ?? 0;
  return (
    <VersionsPanel
      page={addressOf.desktopFlow(flowId)}
      versions={data?.items}
      error={error}
      none={t("versions.noneText")}
      current={t("versions.inForce")}
      words={["draft", "published"]}
      actions={(at, compare) => {
        const own = items[at];
        const before = items[at + 1]?.number;
        if (own === undefined) return null;
        return (
          <>
            {before !== undefined && <MenuItem onClick={() => compare(before, own.number)}>{t("versions.compareBefore", { number: before })}</MenuItem>}
            {!own.inForce && <MenuItem onClick={() => compare(own.number, "published")}>{t("versions.compareBefore", { number: inForce })}</MenuItem>}
            {data?.hasDraft === true && <MenuItem onClick={() => compare(own.number, "draft")}>{t("versions.compareDraft")}</MenuItem>}
            <MenuItem disabled={!canWrite} onClick={() => setRestored(own.number)}>
              {t("versions.restoreDraft")}
            </MenuItem>
          </>
        );
      }}
      comparison={(before, after, onClose) => <CompareDialog flowId={flowId} before={before} after={after} onClose={onClose} />}
    >
      {restored !== undefined && data !== undefined && <Restore flowId={flowId} name={name} number={restored} versions={data} onClose={() => setRestored(undefined)} />}
    </VersionsPanel>
  );
}

interface RestoreProps {
  readonly flowId: string;
  readonly name: string;
  readonly number: number;
  readonly versions: FlowVersions;
  readonly onClose: () => void;
}

function Restore({ flowId, name, number, versions, onClose }: RestoreProps) {
  const queries = useQueryClient();
  const restore = async () => {
    await portal("POST /desktopflows/{flowId}/versions/{number}/restore", { path: { flowId, number }, body: { version: versions.version } });
    await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).includes("/desktopflows") });
  };
  return (
    <ConfirmDialog title={t("versions.restoreTitle", { number, name })} action={t("versions.restoreDraft")} onConfirm={restore} onClose={onClose}>
      <p>{t("versions.restoreText")}</p>
      {versions.hasDraft && <p>{t("versions.restoreReplaces")}</p>}
    </ConfirmDialog>
  );
}
