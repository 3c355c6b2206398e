import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Spinner, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { JsonMerge, prettyJson } from "@/designer/expressions/JsonMerge";
import { t } from "@/strings/text";

const useStyles = makeStyles({ surface: { maxWidth: "min(1200px, 94vw)", width: "94vw" }, text: { margin: "0 0 8px" } });

/** One side of a comparison: a version, or a document that is at hand. */
export type Side = number | { readonly name: string; readonly text: string };

interface CompareVersionsProps {
  readonly flowId: string;
  readonly before: Side;
  readonly after: Side;
  readonly onClose: () => void;
}

/** Shows what differs between two versions of a cloud flow, as code. */
export function CompareVersions({ flowId, before, after, onClose }: CompareVersionsProps) {
  const styles = useStyles();
  const sides = useQuery({
    queryKey: ["GET /cloudflows/{flowId}/versions", flowId, "compare", before, after],
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
            {first !== undefined && second !== undefined && first.text === second.text && <p className={styles.text}>{t("versions.same")}</p>}
            {first !== undefined && second !== undefined && <JsonMerge left={first.text} right={second.text} names={[first.name, second.name]} />}
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

async function loaded(flowId: string, side: Side): Promise<{ readonly name: string; readonly text: string }> {
  if (typeof side === "object") return { name: side.name, text: prettyJson(side.text) };
  const { document } = await portal("GET /cloudflows/{flowId}/versions/{number}", { path: { flowId, number: side } });
  return { name: t("versions.number", { number: side }), text: prettyJson(document) };
}
