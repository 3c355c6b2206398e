import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Spinner, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";
import { CompareView } from "./CompareView";

const useStyles = makeStyles({ surface: { maxWidth: "min(1200px, 94vw)", width: "94vw" } });

/** One side of a comparison: a version, the draft, what runs take, or a text that is at hand. */
export type Side = number | "draft" | "published" | { readonly name: string; readonly text: string };

interface CompareDialogProps {
  readonly flowId: string;
  readonly before: Side;
  readonly after: Side;
  readonly onClose: () => void;
}

interface Loaded {
  readonly name: string;
  readonly text: string;
}

/** Shows what differs between two versions of a flow. */
export function CompareDialog({ flowId, before, after, onClose }: CompareDialogProps) {
  const styles = useStyles();
  const sides = useQuery({
    queryKey: ["GET /desktopflows/{flowId}/versions", flowId, "compare", before, after],
    queryFn: () => Promise.all([loaded(flowId, before), loaded(flowId, after)]),
    staleTime: Infinity,
    gcTime: 0,
  });
  const [first, second] = sides.data ?? [];
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{first !== undefined && second !== undefined ? t("versions.compareTitle", { before: first.name, after: second.name }) : t("versions.compare")}</DialogTitle>
          <DialogContent>
            {sides.error !== null && <ErrorMessage error={sides.error} />}
            {sides.isPending && <Spinner label={t("common.loading")} />}
            {first !== undefined && second !== undefined && <CompareView before={first.text} after={second.text} names={[first.name, second.name]} />}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t("common.close")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
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
