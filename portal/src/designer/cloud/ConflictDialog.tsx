import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { portal } from "@/api/portal";
import { addressOf } from "@/components/addresses";
import { ErrorMessage } from "@/components/ErrorMessage";
import { absolute } from "@/format/time";
import { preferences } from "@/preferences/preferences";
import { JsonMerge, prettyJson } from "@/designer/expressions/JsonMerge";
import { t } from "@/strings/text";
import type { Conflict, Flow } from "./useFlow";

const useStyles = makeStyles({
  surface: { maxWidth: "1200px", width: "94vw" },
  text: { margin: "0 0 8px" },
});

/** Two people saved: shows both, side by side, and loses neither. */
export function ConflictDialog({ flow, conflict }: { readonly flow: Flow; readonly conflict: Conflict }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [mine, setMine] = useState(conflict.mine);
  const who = conflict.theirs.modifiedBy ?? "";
  const keep = useMutation({ mutationFn: () => flow.overwrite(mine) });
  const copy = useMutation({
    mutationFn: () => portal("POST /cloudflows", { body: { name: t("cloud.copyName", { name: flow.name }), document: mine } }),
    onSuccess: ({ id }) => {
      flow.takeTheirs();
      void navigate({ to: addressOf.cloudDesigner(id) });
    },
  });
  const error = keep.error ?? copy.error;
  return (
    <Dialog open onOpenChange={flow.leaveConflict}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("cloud.conflict")}</DialogTitle>
          <DialogContent>
            <p className={styles.text}>
              {t("cloud.conflictText", { who, time: absolute(new Date(conflict.theirs.modifiedOn), preferences().zone) })}
            </p>
            <JsonMerge left={prettyJson(conflict.theirs.document)} right={mine} names={[t("cloud.conflictTheirs", { who }), t("cloud.conflictMine")]} onRight={setMine} />
            {error !== null && <ErrorMessage error={error} />}
          </DialogContent>
          <DialogActions fluid>
            <Button onClick={flow.leaveConflict}>{t("cloud.conflictBack")}</Button>
            <Button onClick={flow.takeTheirs}>{t("cloud.conflictDiscard")}</Button>
            <Button disabledFocusable={copy.isPending} onClick={() => copy.mutate()}>
              {t("cloud.conflictCopy")}
            </Button>
            <Button appearance="primary" disabledFocusable={keep.isPending} onClick={() => keep.mutate()}>
              {t("cloud.conflictKeepMine")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
