import { Button, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useState, type ReactNode } from "react";
import type { FlowVersion } from "@/api/portal";
import { toPage } from "@/components/addresses";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Panel } from "@/components/Panel";
import { VersionAbout } from "@/designer/versions/VersionAbout";
import { VersionMenu } from "@/designer/versions/VersionMenu";
import { t } from "@/strings/text";
import { comparedSides } from "./comparedSides";

const FIRST = 5;

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "4px" },
  row: { display: "flex", alignItems: "flex-start", gap: "8px", padding: "4px 0" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
});

interface VersionsPanelProps<Word extends string> {
  /** The page's own address. */
  readonly page: string;
  /** The versions, the newest first; undefined until they are read. */
  readonly versions: readonly FlowVersion[] | undefined;
  readonly error: Error | null;
  /** What is said where there are none. */
  readonly none: string;
  /** What is said of the version that counts. */
  readonly current: string;
  /** What may be compared besides versions, as the page's address names it. */
  readonly words: readonly Word[];
  /** What can be done with a version, as items of a menu. */
  readonly actions: (at: number, compare: (before: number | Word, after: number | Word) => void) => ReactNode;
  readonly comparison: (before: number | Word, after: number | Word, onClose: () => void) => ReactNode;
  /** What stands below the versions, such as a question. */
  readonly children: ReactNode;
}

/** The versions of a flow on its page; two of them are compared by the page's address: `?compare=1..2`. */
export function VersionsPanel<Word extends string>({ page, versions, error, none, current, words, actions, comparison, children }: VersionsPanelProps<Word>) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { compare } = useSearch({ strict: false }) as { compare?: string };
  const [all, setAll] = useState(false);
  const items = versions ?? [];
  const sides = comparedSides(compare, words);
  const compareSides = (before: number | Word, after: number | Word) => void navigate(toPage(`${page}?compare=${before}..${after}`));
  return (
    <Panel title={t("versions.title")}>
      {error !== null && <ErrorMessage error={error} />}
      {versions === undefined && error === null && <Spinner size="tiny" label={t("versions.reading")} />}
      {versions?.length === 0 && <p className={styles.quiet}>{none}</p>}
      <ul className={styles.list} aria-label={t("versions.list")}>
        {(all ? items : items.slice(0, FIRST)).map((version, at) => (
          <li key={version.number} className={styles.row}>
            <VersionAbout version={version} current={current} />
            <VersionMenu number={version.number}>{actions(at, compareSides)}</VersionMenu>
          </li>
        ))}
      </ul>
      {!all && items.length > FIRST && (
        <Button size="small" appearance="subtle" onClick={() => setAll(true)}>
          {t("versions.showAll", { count: items.length })}
        </Button>
      )}
      {sides !== undefined && <Suspense>{comparison(...sides, () => void navigate(toPage(page)))}</Suspense>}
      {children}
    </Panel>
  );
}
