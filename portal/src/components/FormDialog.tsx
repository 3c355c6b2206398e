import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { t } from "@/strings/text";
import { ErrorMessage } from "./ErrorMessage";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" } });

interface FormDialogProps {
  readonly title: string;
  /** What the button says that sends it. */
  readonly action: string;
  /** Whether what is filled in can be sent. */
  readonly isComplete: boolean;
  /** Sends it. The dialog closes once that is done; where it fails it stays, and says why. */
  readonly onSubmit: () => Promise<unknown>;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: ReactNode;
}

/** A few fields, and one thing to do with them. */
export function FormDialog({ title, action, isComplete, onSubmit, onClose, children }: FormDialogProps) {
  const styles = useStyles();
  const act = useMutation({ mutationFn: onSubmit, onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete && !act.isPending) act.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.form}>
              {children}
              {act.error !== null && <ErrorMessage error={act.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isComplete || act.isPending}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
