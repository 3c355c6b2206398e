/** How long something is kept, in words. */
import type { KeptRows } from "@/api/portal";
import { t } from "@/strings/text";

export function keptText({ kind, setting, kept }: Pick<KeptRows, "kind" | "setting" | "kept">): string {
  if (kind === "actionLogs" && kept === null) return t("retention.withRun");
  if (setting === null) return t("retention.withOwner");
  if (kept === null) return t("retention.forEver");
  return t(kind === "flowVersions" ? "retention.versions" : "retention.forDays", { count: kept });
}
