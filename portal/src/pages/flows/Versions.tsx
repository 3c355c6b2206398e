import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, lazy, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type FlowVersions } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Panel } from "@/components/Panel";
import type { Side } from "@/designer/desktop/versions/CompareDialog";
import { VersionAbout } from "@/designer/versions/VersionAbout";
import { t } from "@/strings/text";

const FIRST = 5;

// It brings the editor of texts along, which most visits of the page do without.
const CompareDialog = lazy(() => import("@/designer/desktop/versions/CompareDialog").then((one) => ({ default: one.CompareDialog })));

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "4px" },
  row: { display: "flex", alignItems: "flex-start", gap: "8px", padding: "4px 0" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
});

interface VersionsProps {
  readonly flowId: string;
  readonly name: string;
  readonly canWrite: boolean;
}

/** The versions of a flow; two of them are compared by the page's address: `?compare=1..published`. */
export function Versions({ flowId, name, canWrite }: VersionsProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { compare } = useSearch({ strict: false }) as { compare?: string };
  const { data, error } = useQuery(endpointQuery("GET /desktopflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const [all, setAll] = useState(false);
  const [restored, setRestored] = useState<number>();
  const page = addressOf.desktopFlow(flowId);
  const compareSides = (before: Side, after: Side) => void navigate(toPage(`${page}?compare=${String(before)}..${String(after)}`));
  const sides = sidesOf(compare);
  const items = data?.items ?? [];
  return (
    <Panel title={t("versions.title")}>
      {error !== null && <ErrorMessage error={error} />}
      {data === undefined && error === null && <Spinner size="tiny" label={t("versions.reading")} />}
      {data !== undefined && items.length === 0 && <p className={styles.quiet}>{t("versions.noneText")}</p>}
      <ul className={styles.list} aria-label={t("versions.list")}>
        {(all ? items : items.slice(0, FIRST)).map((version, at) => (
          <li key={version.number} className={styles.row}>
            <VersionAbout version={version} />
            <Menu>
              <MenuTrigger disableButtonEnhancement>
                <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("versions.more", { number: version.number })} />
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <Comparisons versions={data} at={at} onCompare={compareSides} />
                  <MenuItem disabled={!canWrite} onClick={() => setRestored(version.number)}>
                    {t("versions.restoreDraft")}
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
          <CompareDialog flowId={flowId} before={sides[0]} after={sides[1]} onClose={() => void navigate(toPage(page))} />
        </Suspense>
      )}
      {restored !== undefined && data !== undefined && <Restore flowId={flowId} name={name} number={restored} versions={data} onClose={() => setRestored(undefined)} />}
    </Panel>
  );
}

interface ComparisonsProps {
  readonly versions: FlowVersions | undefined;
  readonly at: number;
  readonly onCompare: (before: Side, after: Side) => void;
}

function Comparisons({ versions, at, onCompare }: ComparisonsProps) {
  const own = versions?.items[at];
  const before = versions?.items[at + 1];
  if (versions === undefined || own === undefined) return null;
  return (
    <>
      {before !== undefined && <MenuItem onClick={() => onCompare(before.number, own.number)}>{t("versions.compareBefore", { number: before.number })}</MenuItem>}
      {!own.inForce && <MenuItem onClick={() => onCompare(own.number, "published")}>{t("versions.compareBefore", { number: versions.items.find((one) => one.inForce)?.number ?? 0 })}</MenuItem>}
      {versions.hasDraft && <MenuItem onClick={() => onCompare(own.number, "draft")}>{t("versions.compareDraft")}</MenuItem>}
    </>
  );
}

interface RestoreProps {
  readonly flowId: string;
  readonly name: string;
  readonly number: number;
  readonly versions: FlowVersions;
  readonly onClose: () => void;
}

function Restore({ flowId, name, number, versions, onClose }: RestoreProps) {
  const queries = useQueryClient();
  const restore = async () => {
    await portal("POST /desktopflows/{flowId}/versions/{number}/restore", { path: { flowId, number }, body: { version: versions.version } });
    await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).includes("/desktopflows") });
  };
  return (
    <ConfirmDialog title={t("versions.restoreTitle", { number, name })} action={t("versions.restoreDraft")} onConfirm={restore} onClose={onClose}>
      <p>{t("versions.restoreText")}</p>
      {versions.hasDraft && <p>{t("versions.restoreReplaces")}</p>}
    </ConfirmDialog>
  );
}

/** What an address asks to be compared. */
function sidesOf(compare: string | undefined): readonly [Side, Side] | undefined {
  const [before, after] = (compare ?? "").split("..").map(sideOf);
  return before === undefined || after === undefined ? undefined : [before, after];
}

function sideOf(text: string): Side | undefined {
  if (text === "draft" || text === "published") return text;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
