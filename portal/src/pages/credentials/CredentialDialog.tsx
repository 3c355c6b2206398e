import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { portal, type CredentialRow } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { t } from "@/strings/text";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "12px" } });

type CredentialDialogProps = {
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => void;
} & ({ readonly kind: "new" } | { readonly kind: "edit" | "rotate"; readonly credential: CredentialRow });

const ACTIONS = { new: "credentials.create", edit: "credentials.editAction", rotate: "credentials.rotateAction" } as const;

/** Makes a credential, changes its user name, or gives it another password. */
export function CredentialDialog(props: CredentialDialogProps) {
  const { kind, onDone, onClose } = props;
  const styles = useStyles();
  const credential = kind === "new" ? undefined : props.credential;
  const [name, setName] = useState("");
  const [account, setAccount] = useState(credential?.account ?? "");
  const [description, setDescription] = useState(credential?.description ?? "");
  const [secret, setSecret] = useState("");
  const [expires, setExpires] = useState("");
  const [tried, setTried] = useState(false);
  const needed = (text: string) => (tried && text.trim() === "" ? { validationMessage: t("credentials.missing") } : {});
  const whole = (kind !== "new" || name.trim() !== "") && (kind === "edit" || secret !== "");
  const act = useMutation({
    mutationFn: async () => {
      const expiresOn = expires === "" ? null : new Date(`${expires}T00:00:00`).toISOString();
      if (credential === undefined) {
        await portal("POST /credentials", { body: { name: name.trim(), account, secret, description, expiresOn } });
      } else if (kind === "rotate") {
        await portal("PUT /credentials/{credentialId}/secret", { path: { credentialId: credential.id }, body: { secret, expiresOn } });
      } else {
        await portal("PATCH /credentials/{credentialId}", { path: { credentialId: credential.id }, body: { account, description } });
      }
    },
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (whole && !act.isPending) act.mutate();
  };
  const title = credential === undefined ? t("credentials.newTitle") : t(kind === "rotate" ? "credentials.rotateTitle" : "credentials.editTitle", { name: credential.name });
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit} noValidate autoComplete="off">
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.form}>
              {kind === "rotate" && credential !== undefined && <p>{t("credentials.rotateText", { count: credential.usedBy.length })}</p>}
              {kind === "new" && (
                <Field label={t("credentials.name")} required {...needed(name)}>
                  <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
                </Field>
              )}
              {kind !== "rotate" && (
                <Field label={t("credentials.account")}>
                  <Input value={account} maxLength={320} autoComplete="off" onChange={(_, data) => setAccount(data.value)} />
                </Field>
              )}
              {kind !== "edit" && (
                <Field label={t("credentials.secret")} required {...needed(secret)}>
                  <Input type="password" autoComplete="new-password" value={secret} onChange={(_, data) => setSecret(data.value)} />
                </Field>
              )}
              {kind !== "edit" && (
                <Field label={t("credentials.expires")}>
                  <Input type="date" value={expires} onChange={(_, data) => setExpires(data.value)} />
                </Field>
              )}
              {kind !== "rotate" && (
                <Field label={t("credentials.description")}>
                  <Input value={description} maxLength={2000} onChange={(_, data) => setDescription(data.value)} />
                </Field>
              )}
              {act.error !== null && <ErrorMessage error={act.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={act.isPending}>
                {t(ACTIONS[kind])}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
