import type { ChipWords } from "@/designer/model/cloud/segments";
import { t } from "@/strings/text";

/** What chips call what has no name of its own, in the language of the page. */
export function chipWords(): ChipWords {
  return {
    trigger: t("cloud.chip.trigger"),
    loop: t("cloud.chip.loop"),
    variables: t("cloud.chip.variables"),
    parameters: t("cloud.chip.parameters"),
    body: t("cloud.chip.body"),
    outputs: t("cloud.chip.outputs"),
    item: t("cloud.chip.item"),
  };
}
