import type { Branch } from "@/designer/model/cloud/structure";
import { shownName } from "@/designer/model/cloud/making";
import { t } from "@/strings/text";

/** Return what stands over a branch. */
export function branchTitle(branch: Branch): string {
  switch (branch.kind) {
    case "else":
      return t("cloud.branch.no");
    case "case":
      return branch.name;
    case "default":
      return t("cloud.branch.default");
    case "actions":
      return branch.owner === undefined ? "" : branch.path.length > 1 ? t("cloud.branch.yes") : shownName(branch.owner);
  }
}
