import { Button, Checkbox, MenuItem, makeStyles, tokens } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import type { FlowVersion } from "@/api/portal";
import { Explained } from "@/components/Explained";
import { PAGE, chooseTwo, inOrder, type Choice } from "@/designer/model/versions";
import { t } from "@/strings/text";
import { VersionAbout } from "./VersionAbout";
import { VersionMenu } from "./VersionMenu";

const useStyles = makeStyles({
  list: { overflow: "auto", flex: "1 1 auto", minHeight: 0 },
  rows: { margin: 0, padding: 0, listStyleType: "none" },
  row: { display: "flex", alignItems: "center", gap: "8px", padding: "4px", borderRadius: tokens.borderRadiusMedium, ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  page: { display: "flex", flexDirection: "column", flex: "1 1 auto", minWidth: 0, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular, fontSize: tokens.fontSizeBase200 },
});

interface VersionChoiceProps {
  /** How the designer's panes look. */
  readonly look: Readonly<Record<"pane" | "head" | "title", string>>;
  /** The versions, the newest first; undefined until they are read. */
  readonly versions: readonly FlowVersion[] | undefined;
  /** What is said of what is on the page. */
  readonly pageState: string;
  /** What is said of the version that counts. */
  readonly current: string;
  /** Why none can be restored. */
  readonly whyNot: string | undefined;
  /** What stands in the place of the versions where there are none. */
  readonly none: ReactNode;
  readonly onRestore: (number: number) => void;
  /** Shows what differs between two of them. */
  readonly comparison: (before: Choice, after: Choice, onClose: () => void) => ReactNode;
  /** What stands above the versions. */
  readonly children: ReactNode;
}

/** The pane of a flow's versions: two of these, or one and what is on the page, are compared, and one is restored. */
export function VersionChoice({ look, versions, pageState, current, whyNot, none, onRestore, comparison, children }: VersionChoiceProps) {
  const styles = useStyles();
  const [chosen, setChosen] = useState<readonly Choice[]>([]);
  const [compared, setCompared] = useState<readonly [Choice, Choice]>();
  const items = versions ?? [];
  const box = (choice: Choice, name: string) => (
    <Checkbox aria-label={t("versions.choose", { name })} checked={chosen.includes(choice)} onChange={() => setChosen(chooseTwo(chosen, choice))} />
  );
  return (
    <section className={look.pane} aria-label={t("versions.title")}>
      <div className={look.head}>
        <h2 className={look.title}>{t("versions.title")}</h2>
        {items.length > 0 && (
          <Explained why={chosen.length === 2 ? undefined : t("versions.chooseTwo")}>
            <Button size="small" disabledFocusable={chosen.length !== 2} onClick={() => setCompared(inOrder(chosen))}>
              {t("versions.compare")}
            </Button>
          </Explained>
        )}
      </div>
      {children}
      <div className={styles.list}>
        {versions?.length === 0 && none}
        {items.length > 0 && (
          <ul className={styles.rows} aria-label={t("versions.list")}>
            <li className={styles.row}>
              {box(PAGE, t("versions.page"))}
              <span className={styles.page}>
                {t("versions.page")}
                <span className={styles.quiet}>{pageState}</span>
              </span>
            </li>
            {items.map((version, at) => {
              const { number } = version;
              const before = items[at + 1]?.number;
              return (
                <li key={number} className={styles.row}>
                  {box(number, t("versions.number", { number }))}
                  <VersionAbout version={version} current={current} />
                  <VersionMenu number={number}>
                    <MenuItem onClick={() => setCompared([number, PAGE])}>{t("versions.compareAfter")}</MenuItem>
                    {before !== undefined && <MenuItem onClick={() => setCompared([before, number])}>{t("versions.compareBefore", { number: before })}</MenuItem>}
                    <MenuItem disabled={whyNot !== undefined} onClick={() => onRestore(number)}>
                      {t("versions.restore")}
                    </MenuItem>
                  </VersionMenu>
                </li>
              );
            })}
          </ul>
        )}
      </div>
      {compared !== undefined && comparison(...compared, () => setCompared(undefined))}
    </section>
  );
}
