import { Button, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type TokenRow } from "@/api/portal";
import { CommandLine } from "@/components/CommandLine";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { Time } from "@/components/Time";
import { useSession } from "@/session/session";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  scroller: { overflowX: "auto" },
});

/** Bearer tokens with which programs act as the person. */
export function Tokens() {
  const styles = useStyles();
  const queries = useQueryClient();
  const { user } = useSession();
  const [dialog, setDialog] = useState<"new" | TokenRow>();
  const [made, setMade] = useState<string>();
  const query = useQuery(endpointQuery("GET /tokens"));
  const mine = query.data?.items.filter((one) => one.user === user.signInName) ?? [];
  const close = () => setDialog(undefined);
  const again = () => queries.invalidateQueries({ queryKey: ["GET /tokens"] });
  return (
    <>
      <p className={styles.quiet}>{t("tokens.text")}</p>
      {query.error !== null && <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />}
      {mine.length > 0 && (
        <div className={styles.scroller}>
          <Table size="small" aria-label={t("tokens.title")}>
            <TableHeader>
              <TableRow>
                <TableHeaderCell>{t("tokens.name")}</TableHeaderCell>
                <TableHeaderCell>{t("tokens.expires")}</TableHeaderCell>
                <TableHeaderCell>{t("table.actions")}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody>
              {mine.map((one) => (
                <TableRow key={one.id}>
                  <TableCell>
                    <UserText>{one.name}</UserText>
                  </TableCell>
                  <TableCell>
                    <Time at={one.expiresOn} />
                  </TableCell>
                  <TableCell>
                    <Button size="small" onClick={() => setDialog(one)} aria-label={t("tokens.revokeOf", { name: one.name })}>
                      {t("tokens.revoke")}
                    </Button>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {made !== undefined && (
        <>
          <p className={styles.quiet}>{t("tokens.once")}</p>
          <CommandLine command={made} />
        </>
      )}
      <div>
        <Button onClick={() => setDialog("new")}>{t("tokens.new")}</Button>
      </div>
      {dialog === "new" && (
        <NameDialog
          title={t("tokens.newTitle")}
          label={t("tokens.for")}
          action={t("tokens.newAction")}
          onName={async (name) => {
            setMade((await portal("POST /tokens", { body: { name } })).token);
            await again();
          }}
          onClose={close}
        />
      )}
      {dialog !== undefined && dialog !== "new" && (
        <ConfirmDialog
          title={t("tokens.revokeTitle", { name: dialog.name })}
          action={t("tokens.revoke")}
          onConfirm={async () => {
            await portal("DELETE /tokens/{tokenId}", { path: { tokenId: dialog.id } });
            await again();
          }}
          onClose={close}
        >
          <p>{t("tokens.revokeText")}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
