import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type Home } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { AttentionItem } from "@/components/AttentionItem";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Page } from "@/components/Page";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { usePanelStyles } from "@/components/panelStyles";
import { Time } from "@/components/Time";
import { count } from "@/format/quantity";
import { prefer, usePreferences } from "@/preferences/preferences";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { RunTable } from "../runs/RunTable";
import { StartTiles, TILES } from "./StartTiles";

const useStyles = makeStyles({
  health: { display: "grid", gap: "12px", gridTemplateColumns: "repeat(4, minmax(0, 1fr))", "@media (max-width: 700px)": { gridTemplateColumns: "repeat(2, minmax(0, 1fr))" } },
  number: {
    display: "flex",
    flexDirection: "column",
    gap: "2px",
    padding: "12px 16px",
    borderRadius: "8px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: "inherit",
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  value: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold },
  bad: { color: tokens.colorPaletteRedForeground1 },
  label: { color: tokens.colorNeutralForeground2 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  recent: { display: "flex", flexDirection: "column" },
  item: { display: "flex", gap: "8px", alignItems: "center", flexWrap: "wrap" },
  link: { color: tokens.colorBrandForegroundLink, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
});

const LIVE = ["runs", "cloudruns", "queue", "machines", "flows"] as const;

/** Whether all is well, and where the person was. */
export function HomePage() {
  const query = useQuery(endpointQuery("GET /home", {}, { topics: LIVE }));
  if (query.data !== undefined) return <Loaded home={query.data} />;
  if (query.error === null) return <PageLoading />;
  return (
    <Page title={t("home.title")}>
      <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />
    </Page>
  );
}

function Loaded({ home }: { readonly home: Home }) {
  const styles = useStyles();
  const panels = usePanelStyles();
  const navigate = useNavigate();
  const { usedTiles } = usePreferences();
  const run = useMutation({
    mutationFn: () => startSample(home.sampleFlow ?? ""),
    onSuccess: (runId) => void navigate(toPage(addressOf.desktopRun(runId))),
  });
  const hidden = TILES.filter((tile) => usedTiles.includes(tile));
  return (
    <Page title={t("home.title")}>
      <Health home={home} />
      {run.error !== null && <ErrorMessage error={run.error} />}
      <StartTiles home={home} onRunSample={() => run.mutate()} isStarting={run.isPending} />
      <div className={panels.panels}>
        <div className={panels.column}>
          <Panel title={t("home.attention")}>
            {home.attention.length === 0 ? (
              <p className={styles.quiet}>{t("home.allWell")}</p>
            ) : (
              <ul className={styles.list}>
                {home.attention.map((one) => (
                  <AttentionItem key={`${one.kind} ${one.id}`} attention={one} />
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={t("home.myRuns")}>
            {home.myRuns.length === 0 ? <p className={styles.quiet}>{t("home.noRuns")}</p> : <RunTable runs={home.myRuns} label={t("home.myRuns")} />}
          </Panel>
        </div>
        <div className={panels.column}>
          <Panel title={t("home.recent")}>
            {home.recentFlows.length === 0 ? (
              <p className={styles.quiet}>{t("home.noRecent")}</p>
            ) : (
              <ul className={styles.list}>
                {home.recentFlows.map((flow) => (
                  <li key={flow.id} className={styles.recent}>
                    <Link {...toPage(flow.kind === "desktop" ? addressOf.desktopFlow(flow.id) : addressOf.cloudFlow(flow.id))} className={styles.link}>
                      <UserText>{flow.name}</UserText>
                    </Link>
                    <span className={styles.quiet}>
                      {t(flow.kind === "desktop" ? "flows.desktopFlow" : "flows.cloudFlow")} · <Time at={flow.modifiedOn} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
        </div>
      </div>
      {hidden.length > 0 && (
        <div>
          <Button appearance="transparent" size="small" onClick={() => prefer({ usedTiles: [] })}>
            {t("home.bringBack")}
          </Button>
        </div>
      )}
    </Page>
  );
}

/** Run the sample on the machine that its form proposes, with the values that it has by itself. */
async function startSample(flowId: string): Promise<string> {
  const form = await portal("GET /desktopflows/{flowId}/form", { path: { flowId } });
  const connection = form.connection ?? form.connections.find((one) => one.connected > 0)?.name ?? form.connections[0]?.name ?? null;
  const { runId } = await portal("POST /desktopflows/{flowId}/run", { path: { flowId }, body: { connection } });
  return runId;
}

function Health({ home }: { readonly home: Home }) {
  const styles = useStyles();
  const failed = `${addressOf.desktopRuns}?status=Failed,Timed+out&within=24h`;
  const numbers = [
    { label: t("home.machines"), value: t("home.machinesOf", { connected: home.connected, machines: home.machines }), to: addressOf.machines, bad: home.connected < home.machines },
    { label: t("home.running"), value: count(home.running), to: `${addressOf.desktopRuns}?status=Running`, bad: false },
    { label: t("home.queued"), value: count(home.queued), to: addressOf.queue, bad: false },
    { label: t("home.failures"), value: count(home.failures), to: failed, bad: home.failures > 0 },
  ];
  return (
    <div className={styles.health}>
      {numbers.map(({ label, value, to, bad }) => (
        <Link key={label} {...toPage(to)} className={styles.number}>
          <span className={bad ? `${styles.value} ${styles.bad}` : styles.value}>{value}</span>
          <span className={styles.label}>{label}</span>
        </Link>
      ))}
    </div>
  );
}
