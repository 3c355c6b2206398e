import { portal } from "@/api/portal";
import { JsonMerge, prettyJson } from "@/designer/expressions/JsonMerge";
import { ComparisonDialog, type Loaded } from "@/designer/versions/ComparisonDialog";
import { t } from "@/strings/text";

/** One side of a comparison: a version, or a document that is at hand. */
export type Side = number | Loaded;

interface CompareVersionsProps {
  readonly flowId: string;
  readonly before: Side;
  readonly after: Side;
  readonly onClose: () => void;
}

/** Shows what differs between two versions of a cloud flow, as code. */
export function CompareVersions({ flowId, ...rest }: CompareVersionsProps) {
  return (
    <ComparisonDialog of={["GET /cloudflows/{flowId}/versions", flowId]} load={(side) => loaded(flowId, side)} {...rest}>
      {(before, after) => (
        <>
          {before.text === after.text && <p>{t("versions.same")}</p>}
          <JsonMerge left={before.text} right={after.text} names={[before.name, after.name]} />
        </>
      )}
    </ComparisonDialog>
  );
}

async function loaded(flowId: string, side: Side): Promise<Loaded> {
  if (typeof side === "object") return { name: side.name, text: prettyJson(side.text) };
  const { document } = await portal("GET /cloudflows/{flowId}/versions/{number}", { path: { flowId, number: side } });
  return { name: t("versions.number", { number: side }), text: prettyJson(document) };
}
