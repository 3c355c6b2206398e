import { portal } from "@/api/portal";
import { ComparisonDialog, type Loaded } from "@/designer/versions/ComparisonDialog";
import { t } from "@/strings/text";
import { CompareView } from "./CompareView";

/** One side of a comparison: a version, the draft, what runs take, or a text that is at hand. */
export type Side = number | "draft" | "published" | Loaded;

interface CompareDialogProps {
  readonly flowId: string;
  readonly before: Side;
  readonly after: Side;
  readonly onClose: () => void;
}

/** Shows what differs between two versions of a desktop flow. */
export function CompareDialog({ flowId, ...rest }: CompareDialogProps) {
  return (
    <ComparisonDialog of={["GET /desktopflows/{flowId}/versions", flowId]} load={(side) => loaded(flowId, side)} {...rest}>
      {(before, after) => <CompareView before={before.text} after={after.text} names={[before.name, after.name]} />}
    </ComparisonDialog>
  );
}

async function loaded(flowId: string, side: Side): Promise<Loaded> {
  if (typeof side === "object") return side;
  if (side === "draft") return { name: t("versions.draft"), text: (await portal("GET /desktopflows/{flowId}/text", { path: { flowId } })).text };
  const number = side === "published" ? await inForce(flowId) : side;
  const { text } = await portal("GET /desktopflows/{flowId}/versions/{number}", { path: { flowId, number } });
  return { name: t("versions.number", { number }), text };
}

async function inForce(flowId: string): Promise<number> {
  const { items } = await portal("GET /desktopflows/{flowId}/versions", { path: { flowId } });
  const found = items.find((one) => one.inForce) ?? items[0];
  if (found === undefined) throw new Error(t("versions.none"));
  return found.number;
}
