import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import type { PersonRow } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Panel } from "@/components/Panel";
import { levelText, SharePane } from "@/components/share/SharePane";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
});

/** Who owns a cloud flow, and who may only start it. */
export function CloudFlowPeople({ flowId }: { readonly flowId: string }) {
  const styles = useStyles();
  const { data, error } = useQuery(endpointQuery("GET /access/{kind}/{rowId}", { path: { kind: "flow", rowId: flowId } }));
  const [managing, setManaging] = useState(false);
  const shares = data?.shares ?? [];
  const owners = shares.filter((one) => one.level !== "user");
  const runOnly = shares.filter((one) => one.level === "user");
  const manage = (
    <Button size="small" onClick={() => setManaging(true)}>
      {t("cloudFlow.manage")}
    </Button>
  );
  return (
    <>
      <Panel title={t("cloudFlow.owners")} beside={data?.canShare === true ? manage : undefined}>
        {error !== null && <ErrorMessage error={error} />}
        <ul className={styles.list} aria-label={t("cloudFlow.owners")}>
          {data?.owner != null && <Person person={data.owner} as={t("cloudFlow.owner")} />}
          {owners.map(({ person, level }) => (
            <Person key={person.id} person={person} as={levelText("cloud", level)} />
          ))}
        </ul>
        {(data?.inherited.length ?? 0) > 0 && <p className={styles.quiet}>{t("cloudFlow.byRole", { count: data?.inherited.length ?? 0 })}</p>}
      </Panel>
      <Panel title={t("cloudFlow.runOnly")}>
        {data !== undefined && runOnly.length === 0 && <p className={styles.quiet}>{t("cloudFlow.noRunOnly")}</p>}
        <ul className={styles.list} aria-label={t("cloudFlow.runOnly")}>
          {runOnly.map(({ person }) => (
            <Person key={person.id} person={person} />
          ))}
        </ul>
      </Panel>
      {managing && <SharePane kind="cloud" id={flowId} command={`deskhand cloudflow share ${flowId} --user NAME`} onClose={() => setManaging(false)} />}
    </>
  );
}

function Person({ person, as }: { readonly person: PersonRow; readonly as?: string }) {
  const styles = useStyles();
  return (
    <li>
      <UserText>{person.name}</UserText> {as !== undefined && <span className={styles.quiet}>{as}</span>}
    </li>
  );
}
