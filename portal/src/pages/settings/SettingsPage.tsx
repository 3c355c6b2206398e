import { Card, Field, Radio, RadioGroup, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { Page } from "@/components/Page";
import { prefer, usePreferences, type Preferences } from "@/preferences/preferences";
import { useSession } from "@/session/session";
import { t } from "@/strings/text";
import { PasswordForm } from "./PasswordForm";
import { Tokens } from "./Tokens";

const useStyles = makeStyles({
  cards: { display: "grid", gap: "12px", maxWidth: "720px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  facts: { display: "grid", gridTemplateColumns: "minmax(120px, auto) 1fr", gap: "6px 16px", margin: 0 },
  value: { margin: 0, overflowWrap: "anywhere" },
});

/** The user's own page: how the portal looks and behaves for them, and their password. */
export function SettingsPage() {
  const styles = useStyles();
  const { user, roles } = useSession();
  const chosen = usePreferences();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Page title={t("settings.title")}>
      <div className={styles.cards}>
        <Card>
          <h2 className={styles.title}>{t("settings.appearance")}</h2>
          <Field label={t("settings.theme")}>
            <RadioGroup value={chosen.theme} onChange={(_, data) => prefer({ theme: data.value as Preferences["theme"] })}>
              <Radio value="system" label={t("settings.theme.system")} />
              <Radio value="light" label={t("settings.theme.light")} />
              <Radio value="dark" label={t("settings.theme.dark")} />
              <Radio value="contrast" label={t("settings.theme.contrast")} />
            </RadioGroup>
          </Field>
          <Field label={t("settings.density")}>
            <RadioGroup
              layout="horizontal"
              value={chosen.density}
              onChange={(_, data) => prefer({ density: data.value as Preferences["density"] })}
            >
              <Radio value="comfortable" label={t("settings.density.comfortable")} />
              <Radio value="compact" label={t("settings.density.compact")} />
            </RadioGroup>
          </Field>
          <Field label={t("settings.zone")}>
            <RadioGroup value={chosen.zone} onChange={(_, data) => prefer({ zone: data.value as Preferences["zone"] })}>
              <Radio value="local" label={t("settings.zone.local", { zone })} />
              <Radio value="utc" label={t("settings.zone.utc")} />
            </RadioGroup>
          </Field>
          <Field label={t("settings.keyboard")}>
            <Switch
              checked={chosen.letterKeys}
              label={t("settings.letterKeys")}
              onChange={(_, data) => prefer({ letterKeys: data.checked })}
            />
          </Field>
          <p className={styles.quiet}>{t("settings.kept")}</p>
        </Card>
        <Card>
          <h2 className={styles.title}>{t("settings.account")}</h2>
          <dl className={styles.facts}>
            <dt>{t("settings.signInName")}</dt>
            <dd className={styles.value}>{user.signInName}</dd>
            <dt>{t("settings.roles")}</dt>
            <dd className={styles.value}>{roles.join(", ") || t("settings.noRoles")}</dd>
          </dl>
        </Card>
        <Card>
          <h2 className={styles.title}>{t("settings.password")}</h2>
          <p className={styles.quiet}>{t(user.hasPassword ? "settings.passwordOther" : "settings.passwordNone")}</p>
          <PasswordForm />
        </Card>
        <Card>
          <h2 className={styles.title}>{t("tokens.title")}</h2>
          <Tokens />
        </Card>
      </div>
    </Page>
  );
}
