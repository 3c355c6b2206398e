import { Link as PlainLink, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { CircleSmall20Filled } from "@fluentui/react-icons";
import { useSyncExternalStore } from "react";
import { changes } from "@/api/changes";
import { timeOfDay } from "@/format/time";
import { useTicking } from "@/components/now";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  footer: {
    gridColumn: "1 / -1",
    display: "flex",
    alignItems: "center",
    gap: "16px",
    minHeight: "28px",
    padding: "0 12px",
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  state: { display: "flex", alignItems: "center", gap: "2px" },
  right: { marginLeft: "auto", display: "flex", gap: "12px" },
  live: { color: tokens.colorPaletteGreenForeground1 },
  lost: { color: tokens.colorPaletteDarkOrangeForeground1 },
  banner: { margin: "8px 24px 0", flexShrink: 0 },
});

function useChannel() {
  return useSyncExternalStore(changes.subscribe, changes.current);
}

export function Footer({ version }: { readonly version: string }) {
  const styles = useStyles();
  const { state, heard } = useChannel();
  return (
    <footer className={styles.footer}>
      <span className={styles.state}>
        <CircleSmall20Filled className={state === "live" ? styles.live : styles.lost} aria-hidden />
        {state === "live" && heard !== undefined ? <Freshness heard={heard} /> : <Unheard state={state} heard={heard} />}
      </span>
      <span className={styles.right}>
        <span>{t("shell.version", { version })}</span>
        <PlainLink inline href="/api/portal/openapi.json" target="_blank" rel="noopener">
          {t("shell.api")}
        </PlainLink>
      </span>
    </footer>
  );
}

function Freshness({ heard }: { readonly heard: number }) {
  const seconds = useTicking((now) => Math.max(0, Math.round((now - heard) / 1000)));
  return <span>{seconds < 2 ? t("shell.live") : t("shell.liveSince", { seconds })}</span>;
}

function Unheard({ state, heard }: { readonly state: string; readonly heard: number | undefined }) {
  const { zone } = usePreferences();
  if (state === "connecting") return <span>{t("shell.connecting")}</span>;
  if (heard === undefined) return <span>{t("shell.lostBefore")}</span>;
  return <span>{t("shell.lost", { time: timeOfDay(new Date(heard), zone) })}</span>;
}

export function OfflineBanner() {
  const styles = useStyles();
  const { zone } = usePreferences();
  const { state, heard } = useChannel();
  if (state !== "lost" || heard === undefined) return null;
  return (
    <MessageBar intent="warning" className={styles.banner}>
      <MessageBarBody>{t("shell.offline", { time: timeOfDay(new Date(heard), zone) })}</MessageBarBody>
    </MessageBar>
  );
}
