import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, lazy, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Panel } from "@/components/Panel";
import { VersionAbout } from "@/designer/versions/VersionAbout";
import { t } from "@/strings/text";

const FIRST = 5;

// It brings the editor of texts along, which most visits of the page do without.
const CompareVersions = lazy(() => import("@/designer/cloud/CompareVersions").then((one) => ({ default: one.CompareVersions })));

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "4px" },
  row: { display: "flex", alignItems: "flex-start", gap: "8px", padding: "4px 0" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
});

interface CloudVersionsProps {
  readonly flowId: string;
  readonly name: string;
  readonly isOn: boolean;
}

/** The versions of a cloud flow; two of them are compared by the page's address: `?compare=1..2`. */
export function CloudVersions({ flowId, name, isOn }: CloudVersionsProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { compare } = useSearch({ strict: false }) as { compare?: string };
  const { data, error } = useQuery(endpointQuery("GET /cloudflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const [all, setAll] = useState(false);
  const [restored, setRestored] = useState<number>();
  const page = addressOf.cloudFlow(flowId);
  const items = data?.items ?? [];
  const newest = items[0]?.number;
  const sides = sidesOf(compare);
  const compareSides = (before: number, after: number) => void navigate(toPage(`${page}?compare=${before}..${after}`));
  const restore = async () => {
    if (restored === undefined || data === undefined) return;
    await portal("POST /cloudflows/{flowId}/versions/{number}/restore", { path: { flowId, number: restored }, body: { version: data.version } });
    await queries.invalidateQueries();
  };
  return (
    <Panel title={t("versions.title")}>
      {error !== null && <ErrorMessage error={error} />}
      {data === undefined && error === null && <Spinner size="tiny" label={t("versions.reading")} />}
      {data !== undefined && items.length === 0 && <p className={styles.quiet}>{t("cloud.versions.none")}</p>}
      <ul className={styles.list} aria-label={t("versions.list")}>
        {(all ? items : items.slice(0, FIRST)).map((version, at) => (
          <li key={version.number} className={styles.row}>
            <VersionAbout version={version} current={t("cloud.versions.current")} />
            <Menu>
              <MenuTrigger disableButtonEnhancement>
                <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("versions.more", { number: version.number })} />
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  {items[at + 1] !== undefined && (
                    <MenuItem onClick={() => compareSides(items[at + 1]?.number ?? 0, version.number)}>{t("versions.compareBefore", { number: items[at + 1]?.number ?? 0 })}</MenuItem>
                  )}
                  {newest !== undefined && !version.inForce && <MenuItem onClick={() => compareSides(version.number, newest)}>{t("cloud.versions.compareLast")}</MenuItem>}
                  <MenuItem disabled={data?.mayRestore !== true || version.inForce} onClick={() => setRestored(version.number)}>
                    {t("versions.restore")}
                  </MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          </li>
        ))}
      </ul>
      {!all && items.length > FIRST && (
        <Button size="small" appearance="subtle" onClick={() => setAll(true)}>
          {t("versions.showAll", { count: items.length })}
        </Button>
      )}
      {sides !== undefined && (
        <Suspense>
          <CompareVersions flowId={flowId} before={sides[0]} after={sides[1]} onClose={() => void navigate(toPage(page))} />
        </Suspense>
      )}
      {restored !== undefined && (
        <ConfirmDialog title={t("versions.restoreTitle", { number: restored, name })} action={t("versions.restore")} onConfirm={restore} onClose={() => setRestored(undefined)}>
          <p>{t("cloud.versions.restoreText")}</p>
          {isOn && <p>{t("cloud.versions.restoreOn")}</p>}
        </ConfirmDialog>
      )}
    </Panel>
  );
}

/** What an address asks to be compared. */
function sidesOf(compare: string | undefined): readonly [number, number] | undefined {
  const found = /^(\d{1,9})\.\.(\d{1,9})$/.exec(compare ?? "");
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}
