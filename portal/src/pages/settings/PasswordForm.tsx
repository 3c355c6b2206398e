import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { portal } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { useSession } from "@/session/session";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  form: { display: "grid", gap: "12px", maxWidth: "360px" },
  submit: { justifySelf: "start" },
});

export function PasswordForm() {
  const styles = useStyles();
  const queries = useQueryClient();
  const { user } = useSession();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useMutation({
    mutationFn: () => portal("PUT /session/password", { body: { password, ...(user.hasPassword ? { current } : {}) } }),
    onSuccess: async () => {
      setCurrent("");
      setPassword("");
      await queries.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <input type="text" autoComplete="username" value={user.signInName} readOnly hidden />
      {user.hasPassword && (
        <Field label={t("settings.passwordCurrent")} required>
          <Input type="password" autoComplete="current-password" value={current} onChange={(_, data) => setCurrent(data.value)} />
        </Field>
      )}
      <Field label={t("settings.passwordNew")} required>
        <Input type="password" autoComplete="new-password" value={password} onChange={(_, data) => setPassword(data.value)} />
      </Field>
      {change.error !== null && <ErrorMessage error={change.error} />}
      {change.isSuccess && (
        <MessageBar intent="success">
          <MessageBarBody>{t("settings.passwordDone")}</MessageBarBody>
        </MessageBar>
      )}
      <Button className={styles.submit} type="submit" appearance="primary" disabledFocusable={password === "" || change.isPending}>
        {t(user.hasPassword ? "settings.passwordChange" : "settings.passwordSet")}
      </Button>
    </form>
  );
}
