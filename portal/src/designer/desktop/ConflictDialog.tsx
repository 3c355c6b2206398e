import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Spinner, makeStyles } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { CompareView } from "./versions/CompareView";

const useStyles = makeStyles({
  surface: { maxWidth: "min(1200px, 94vw)", width: "94vw" },
  content: { display: "flex", flexDirection: "column", gap: "12px" },
});

interface ConflictDialogProps {
  readonly flowId: string;
  readonly name: string;
  readonly message: string;
  readonly mine: string;
  readonly onCopied: (flowId: string) => void;
  readonly onReload: () => void;
  readonly onClose: () => void;
}

/** Somebody else saved meanwhile: shows both texts, and lets choose. Nothing is lost by closing it. */
export function ConflictDialog({ flowId, name, message, mine, onCopied, onReload, onClose }: ConflictDialogProps) {
  const styles = useStyles();
  const theirs = useQuery({
    queryKey: ["conflict", flowId, message],
    queryFn: () => portal("GET /desktopflows/{flowId}/text", { path: { flowId } }),
  });
  const copy = useMutation({
    mutationFn: () => portal("POST /desktopflows", { body: { name: t("desktop.copyOf", { name }).slice(0, 100), text: mine } }),
    onSuccess: ({ id }) => onCopied(id),
  });
  return (
    <Dialog open modalType="alert" onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("desktop.conflictTitle")}</DialogTitle>
          <DialogContent className={styles.content}>
            <span dir="auto">{visible(message)}</span>
            {theirs.data !== undefined && <CompareView before={theirs.data.text} after={mine} names={[t("desktop.theirs"), t("desktop.mine")]} />}
            {theirs.data === undefined && (theirs.error === null ? <Spinner label={t("common.loading")} /> : <ErrorMessage error={theirs.error} />)}
            {copy.error !== null && <ErrorMessage error={copy.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onReload}>{t("desktop.reload")}</Button>
            <Button disabledFocusable={copy.isPending} onClick={() => copy.mutate()}>
              {t("desktop.keepCopy")}
            </Button>
            <Button appearance="primary" autoFocus onClick={onClose}>
              {t("common.cancel")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
