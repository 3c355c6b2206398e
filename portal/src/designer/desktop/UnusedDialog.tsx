import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "8px" },
  list: { margin: 0, padding: "0 0 0 20px", maxHeight: "40vh", overflow: "auto", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
});

/** Names the variables that nothing uses, and removes them. */
export function UnusedDialog() {
  const styles = useStyles();
  const { text, rows, look } = useDesigner();
  const found = useQuery({ queryKey: ["unused variables", text], queryFn: ({ signal }) => portal("POST /robin/unused", { body: { text }, signal }), staleTime: Infinity, gcTime: 0 });
  const remove = useMutation({ mutationFn: (tidied: string) => rows.replaceText(tidied), onSuccess: look.close });
  const names = found.data?.variables ?? [];
  const error = found.error ?? remove.error;
  return (
    <Dialog open onOpenChange={look.close}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("finding.removeUnused")}</DialogTitle>
          <DialogContent className={styles.content}>
            {found.isPending && <Spinner size="tiny" label={t("finding.looking")} />}
            {found.data !== undefined && names.length === 0 && <span role="status">{t("finding.noUnused")}</span>}
            {names.length > 0 && (
              <>
                <span>{t("finding.unusedText", { count: names.length })}</span>
                <ul className={styles.list} tabIndex={0} aria-label={t("desktop.variables")}>
                  {names.map((one) => (
                    <li key={one}>
                      <UserText>{one}</UserText>
                    </li>
                  ))}
                </ul>
                <span>{t("finding.unusedRows", { rows: found.data?.rows ?? 0 })}</span>
              </>
            )}
            {error !== null && <ErrorMessage error={error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={look.close}>{t(names.length > 0 ? "common.cancel" : "common.close")}</Button>
            {found.data !== undefined && names.length > 0 && (
              <Button appearance="primary" disabledFocusable={remove.isPending} onClick={() => !remove.isPending && remove.mutate(found.data.text)}>
                {t("finding.removeUnusedAction", { count: names.length })}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
