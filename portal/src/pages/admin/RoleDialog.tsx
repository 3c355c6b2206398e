import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { PersonDelete20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type PersonRow, type RoleRow } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { PersonField } from "@/components/share/PersonField";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";
import { SHOWN_RIGHTS, byTable } from "./privileges";

const useStyles = makeStyles({
  surface: { maxWidth: "860px", width: "calc(100vw - 32px)" },
  body: { display: "flex", flexDirection: "column", gap: "16px" },
  title: { margin: "0 0 8px", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: { display: "flex", alignItems: "center", gap: "8px", minHeight: "36px" },
  who: { flex: 1, minWidth: 0, overflowWrap: "anywhere" },
  form: { display: "flex", alignItems: "flex-end", flexWrap: "wrap", gap: "8px" },
  scroll: { overflowX: "auto" },
  table: { borderCollapse: "collapse", fontSize: tokens.fontSizeBase200, width: "100%" },
  cell: { textAlign: "start", padding: "4px 8px", borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, fontWeight: tokens.fontWeightRegular },
});

/** What a role lets its holders do, and who they are; given and taken here. */
export function RoleDialog({ role, onClose }: { readonly role: RoleRow; readonly onClose: () => void }) {
  const styles = useStyles();
  const queries = useQueryClient();
  const holders = useQuery(endpointQuery("GET /roles/{roleId}/holders", { path: { roleId: role.id } }));
  const [person, setPerson] = useState<PersonRow>();
  const [round, setRound] = useState(0);
  const change = useMutation({
    mutationFn: ({ id, give }: { id: string; give: boolean }) =>
      portal(give ? "PUT /users/{userId}/roles/{role}" : "DELETE /users/{userId}/roles/{role}", { path: { userId: id, role: role.name } }),
    onSuccess: () => {
      setPerson(undefined);
      setRound((one) => one + 1);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (person !== undefined && !change.isPending) change.mutate({ id: person.id, give: true });
  };
  const held = holders.data?.items ?? [];
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{role.name}</DialogTitle>
          <DialogContent className={styles.body}>
            {role.description !== "" && <p className={styles.quiet}>{role.description}</p>}
            <section aria-label={t("roles.holders")}>
              <h3 className={styles.title}>{t("roles.holders")}</h3>
              {holders.error !== null && <ErrorMessage error={holders.error} />}
              {holders.data !== undefined && held.length === 0 && <p className={styles.quiet}>{t("roles.nobody")}</p>}
              <ul className={styles.list}>
                {held.map((one) => (
                  <li key={one.id} className={styles.row}>
                    <UserText className={styles.who}>{one.name === one.signInName ? one.name : `${one.name} (${one.signInName})`}</UserText>
                    <Button
                      appearance="subtle"
                      icon={<PersonDelete20Regular />}
                      aria-label={t("roles.take", { name: one.name })}
                      disabledFocusable={change.isPending}
                      onClick={() => change.mutate({ id: one.id, give: false })}
                    />
                  </li>
                ))}
              </ul>
              <form className={styles.form} onSubmit={submit}>
                <PersonField key={round} label={t("roles.give")} without={held.map((one) => one.id)} onPerson={setPerson} />
                <Button type="submit" disabledFocusable={person === undefined || change.isPending}>
                  {t("roles.giveAction")}
                </Button>
              </form>
              {change.error !== null && <ErrorMessage error={change.error} />}
            </section>
            <section aria-label={t("roles.privileges")}>
              <h3 className={styles.title}>{t("roles.privileges")}</h3>
              <div className={styles.scroll} tabIndex={0} role="group" aria-label={t("roles.privileges")}>
                <table className={styles.table}>
                  <thead>
                    <tr>
                      <th scope="col" className={styles.cell}>
                        {t("roles.table")}
                      </th>
                      {SHOWN_RIGHTS.map((right) => (
                        <th key={right} scope="col" className={styles.cell}>
                          {t(`roles.right.${right}`)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {byTable(role.privileges).map(({ table, depths }) => (
                      <tr key={table}>
                        <th scope="row" className={styles.cell}>
                          {table}
                        </th>
                        {SHOWN_RIGHTS.map((right) => (
                          <td key={right} className={styles.cell}>
                            {t(`roles.depth.${depths[right] ?? "none"}` as TextKey)}
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </section>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
