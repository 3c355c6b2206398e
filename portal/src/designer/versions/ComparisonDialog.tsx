import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Spinner, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";

const useStyles = makeStyles({ surface: { maxWidth: "min(1200px, 94vw)", width: "94vw" } });

/** One side of a comparison, as it is shown. */
export interface Loaded {
  readonly name: string;
  readonly text: string;
}

interface ComparisonDialogProps<Side> {
  /** What the flow's versions are remembered under. */
  readonly of: readonly unknown[];
  readonly before: Side;
  readonly after: Side;
  readonly load: (side: Side) => Promise<Loaded>;
  readonly onClose: () => void;
  /** Shows what differs. */
  readonly children: (before: Loaded, after: Loaded) => ReactNode;
}

/** Shows two versions of a flow side by side. */
export function ComparisonDialog<Side>({ of, before, after, load, onClose, children }: ComparisonDialogProps<Side>) {
  const styles = useStyles();
  const sides = useQuery({
    queryKey: [...of, "compare", before, after],
    queryFn: () => Promise.all([load(before), load(after)]),
    staleTime: Infinity,
    gcTime: 0,
  });
  const [first, second] = sides.data ?? [];
  const both = first !== undefined && second !== undefined ? ([first, second] as const) : undefined;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{both === undefined ? t("versions.compare") : t("versions.compareTitle", { before: both[0].name, after: both[1].name })}</DialogTitle>
          <DialogContent>
            {sides.error !== null && <ErrorMessage error={sides.error} />}
            {sides.isPending && <Spinner label={t("common.loading")} />}
            {both !== undefined && children(...both)}
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
