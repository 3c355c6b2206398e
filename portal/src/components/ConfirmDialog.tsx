import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { t } from "@/strings/text";
import { ErrorMessage } from "./ErrorMessage";

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen, and to what else. */
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly action: string;
  /** What the other button says: “Cancel” unless that could be misunderstood. */
  readonly dismiss?: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something is destroyed. The focus begins at Cancel; the dialog stays until it is done. */
export function ConfirmDialog({ title, children, action, dismiss = t("common.cancel"), onConfirm, onClose }: ConfirmDialogProps) {
  const act = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  return (
    <Dialog open modalType="alert" onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            {children}
            {act.error !== null && <ErrorMessage error={act.error} />}
          </DialogContent>
          <DialogActions>
            <Button autoFocus onClick={onClose}>
              {dismiss}
            </Button>
            <Button appearance="primary" disabledFocusable={act.isPending} onClick={() => act.mutate()}>
              {action}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
