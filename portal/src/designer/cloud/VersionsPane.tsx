import { Button, Checkbox, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type FlowVersion } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { readDocument, writeDocument } from "@/designer/model/cloud/document";
import { PAGE, chooseTwo, inOrder, type Choice } from "@/designer/model/versions";
import { VersionAbout } from "@/designer/versions/VersionAbout";
import { t } from "@/strings/text";
import { CompareVersions, type Side } from "./CompareVersions";
import { useDesigner } from "./context";

const useStyles = makeStyles({
  pane: { padding: "12px 16px" },
  head: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: "8px", marginBottom: "8px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "4px" },
  row: { display: "flex", alignItems: "flex-start", gap: "4px" },
  page: { flex: "1 1 auto", paddingTop: "6px", fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular, fontSize: tokens.fontSizeBase200 },
  told: { margin: "0 0 8px", color: tokens.colorNeutralForeground2 },
});

/** What the flow was saved with; two of these, or one and what is on the page, are compared as code. */
export function VersionsPane({ isChanged }: { readonly isChanged: boolean }) {
  const styles = useStyles();
  const { flowId, document, readOnly, editDocument } = useDesigner();
  const versions = useQuery(endpointQuery("GET /cloudflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const [chosen, setChosen] = useState<readonly Choice[]>([]);
  const [compared, setCompared] = useState<readonly [Choice, Choice]>();
  const items = versions.data?.items ?? [];
  const sideOf = (choice: Choice): Side => (choice === PAGE ? { name: t("versions.page"), text: writeDocument(document) } : choice);
  const restore = useMutation({
    mutationFn: (number: number) => portal("GET /cloudflows/{flowId}/versions/{number}", { path: { flowId, number } }),
    onSuccess: (version) => editDocument(() => readDocument(version.document, version.path)),
  });
  const box = (choice: Choice, name: string) => (
    <Checkbox aria-label={t("versions.choose", { name })} checked={chosen.includes(choice)} onChange={() => setChosen(chooseTwo(chosen, choice))} />
  );
  const error = versions.error ?? restore.error;
  return (
    <section className={styles.pane} aria-label={t("versions.title")}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("versions.title")}</h2>
        <Explained why={chosen.length === 2 ? undefined : t("versions.chooseTwo")}>
          <Button size="small" disabledFocusable={chosen.length !== 2} onClick={() => setCompared(inOrder(chosen))}>
            {t("versions.compare")}
          </Button>
        </Explained>
      </div>
      {error !== null && <ErrorMessage error={error} />}
      {versions.isPending && <Spinner size="tiny" label={t("versions.reading")} />}
      <p className={styles.told} role="status">
        {restore.data !== undefined && isChanged ? t("cloud.versions.restored", { number: restore.data.number }) : ""}
      </p>
      <ul className={styles.list} aria-label={t("versions.list")}>
        <li className={styles.row}>
          {box(PAGE, t("versions.page"))}
          <span className={styles.page}>
            {t("versions.page")}
            <br />
            <span className={styles.quiet}>{t(isChanged ? "versions.pageUnsaved" : "cloud.versions.current")}</span>
          </span>
        </li>
        {items.map((version, at) => (
          <li key={version.number} className={styles.row}>
            {box(version.number, t("versions.number", { number: version.number }))}
            <VersionAbout version={version} current={t("cloud.versions.current")} />
            <VersionMenu version={version} before={items[at + 1]} readOnly={readOnly} onCompare={(one, other) => setCompared([one, other])} onRestore={() => restore.mutate(version.number)} />
          </li>
        ))}
      </ul>
      {compared !== undefined && <CompareVersions flowId={flowId} before={sideOf(compared[0])} after={sideOf(compared[1])} onClose={() => setCompared(undefined)} />}
    </section>
  );
}

interface VersionMenuProps {
  readonly version: FlowVersion;
  readonly before: FlowVersion | undefined;
  readonly readOnly: boolean;
  readonly onCompare: (before: Choice, after: Choice) => void;
  readonly onRestore: () => void;
}

function VersionMenu({ version: { number }, before, readOnly, onCompare, onRestore }: VersionMenuProps) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("versions.more", { number })} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onCompare(number, PAGE)}>{t("versions.compareAfter")}</MenuItem>
          {before !== undefined && <MenuItem onClick={() => onCompare(before.number, number)}>{t("versions.compareBefore", { number: before.number })}</MenuItem>}
          <MenuItem disabled={readOnly} onClick={onRestore}>
            {t("versions.restore")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
