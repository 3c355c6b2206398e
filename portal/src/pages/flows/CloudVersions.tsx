import { MenuItem } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal } from "@/api/portal";
import { addressOf } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { t } from "@/strings/text";
import { VersionsPanel } from "./VersionsPanel";

// It brings the editor of texts along, which most visits of the page do without.
const CompareVersions = lazy(() => import("@/designer/cloud/CompareVersions").then((one) => ({ default: one.CompareVersions })));

interface CloudVersionsProps {
  readonly flowId: string;
  readonly name: string;
  readonly isOn: boolean;
}

/** The versions of a cloud flow. */
export function CloudVersions({ flowId, name, isOn }: CloudVersionsProps) {
  const queries = useQueryClient();
  const { data, error } = useQuery(endpointQuery("GET /cloudflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const [restored, setRestored] = useState<number>();
  const items = data?.items ?? [];
  const newest = items[0]?.number;
  const restore = async () => {
    if (restored === undefined || data === undefined) return;
    await portal("POST /cloudflows/{flowId}/versions/{number}/restore", { path: { flowId, number: restored }, body: { version: data.version } });
    await queries.invalidateQueries();
  };
  return (
    <VersionsPanel
      page={addressOf.cloudFlow(flowId)}
      versions={data?.items}
      error={error}
      none={t("cloud.versions.none")}
      current={t("cloud.versions.current")}
      words={[]}
      actions={(at, compare) => {
        const own = items[at];
        const before = items[at + 1]?.number;
        if (own === undefined) return null;
        return (
          <>
            {before !== undefined && <MenuItem onClick={() => compare(before, own.number)}>{t("versions.compareBefore", { number: before })}</MenuItem>}
            {newest !== undefined && !own.inForce && <MenuItem onClick={() => compare(own.number, newest)}>{t("cloud.versions.compareLast")}</MenuItem>}
            <MenuItem disabled={data?.mayRestore !== true || own.inForce} onClick={() => setRestored(own.number)}>
              {t("versions.restore")}
            </MenuItem>
          </>
        );
      }}
      comparison={(before, after, onClose) => <CompareVersions flowId={flowId} before={before} after={after} onClose={onClose} />}
    >
      {restored !== undefined && (
        <ConfirmDialog title={t("versions.restoreTitle", { number: restored, name })} action={t("versions.restore")} onConfirm={restore} onClose={() => setRestored(undefined)}>
          <p>{t("cloud.versions.restoreText")}</p>
          {isOn && <p>{t("cloud.versions.restoreOn")}</p>}
        </ConfirmDialog>
      )}
    </VersionsPanel>
  );
}
