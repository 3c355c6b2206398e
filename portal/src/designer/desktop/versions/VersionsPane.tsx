import { Button, Checkbox, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type FlowVersion } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { inOrder, chooseTwo, PAGE, type Choice } from "@/designer/model/versions";
import { fromText } from "@/designer/model/desktop/edits";
import { VersionAbout } from "@/designer/versions/VersionAbout";
import { t } from "@/strings/text";
import { useDesigner } from "../designer";
import { usePaneStyles } from "../paneStyles";
import type { Side } from "./CompareDialog";

// It brings the editor of texts along, which most visits do without.
const CompareDialog = lazy(() => import("./CompareDialog").then((one) => ({ default: one.CompareDialog })));

/** What the flow was published with, and what differs between two of these, or one and what is on the page. */
export function VersionsPane() {
  const styles = usePaneStyles();
  const { flowId, text, saving, isDirty, whyNot, dispatch, look } = useDesigner();
  const versions = useQuery(endpointQuery("GET /desktopflows/{flowId}/versions", { path: { flowId } }, { topics: ["flows"] }));
  const [chosen, setChosen] = useState<readonly Choice[]>([]);
  const [compared, setCompared] = useState<readonly [Choice, Choice]>();
  const items = versions.data?.items ?? [];
  const sideOf = (choice: Choice): Side => (choice === PAGE ? { name: t("versions.page"), text } : choice);
  const restore = useMutation({
    mutationFn: async (number: number) => {
      const version = await portal("GET /desktopflows/{flowId}/versions/{number}", { path: { flowId, number } });
      const outline = await portal("POST /robin/read", { body: { text: version.text } });
      if (!outline.readable) throw new Error(t("versions.unreadable", { number }));
      dispatch({ type: "edit", change: (before) => fromText(before, outline) });
      look.tell(t("versions.restored", { number }));
    },
  });
  const error = versions.error ?? restore.error;
  const pageState = isDirty ? t("versions.pageUnsaved") : t(saving.server.isDraft ? "versions.pageDraft" : "versions.pagePublished");
  const box = (choice: Choice, name: string) => (
    <Checkbox aria-label={t("versions.choose", { name })} checked={chosen.includes(choice)} onChange={() => setChosen(chooseTwo(chosen, choice))} />
  );
  const compareChosen = () => setCompared(inOrder(chosen));
  return (
    <section className={styles.pane} aria-label={t("versions.title")}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("versions.title")}</h2>
        {items.length > 0 && (
          <Explained why={chosen.length === 2 ? undefined : t("versions.chooseTwo")}>
            <Button size="small" disabledFocusable={chosen.length !== 2} onClick={compareChosen}>
              {t("versions.compare")}
            </Button>
          </Explained>
        )}
      </div>
      {error !== null && <ErrorMessage error={error} />}
      <div className={styles.list}>
        {versions.isPending && <Spinner size="tiny" label={t("versions.reading")} />}
        {versions.data !== undefined && items.length === 0 && <EmptyState title={t("versions.none")} text={t("versions.noneText")} />}
        {items.length > 0 && (
          <ul className={styles.rows} aria-label={t("versions.list")}>
            <li className={styles.row}>
              {box(PAGE, t("versions.page"))}
              <span className={styles.words}>
                <span className={styles.name}>{t("versions.page")}</span>
                <span className={styles.quiet}>{pageState}</span>
              </span>
            </li>
            {items.map((version, at) => (
              <li key={version.number} className={styles.row}>
                {box(version.number, t("versions.number", { number: version.number }))}
                <VersionAbout version={version} />
                <VersionMenu version={version} before={items[at + 1]} whyNot={whyNot} onCompare={(one, other) => setCompared([one, other])} onRestore={() => restore.mutate(version.number)} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {compared !== undefined && (
        <Suspense>
          <CompareDialog flowId={flowId} before={sideOf(compared[0])} after={sideOf(compared[1])} onClose={() => setCompared(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

interface VersionMenuProps {
  readonly version: FlowVersion;
  readonly before: FlowVersion | undefined;
  readonly whyNot: string | undefined;
  readonly onCompare: (before: Choice, after: Choice) => void;
  readonly onRestore: () => void;
}

function VersionMenu({ version: { number }, before, whyNot, onCompare, onRestore }: VersionMenuProps) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("versions.more", { number })} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onCompare(number, PAGE)}>{t("versions.compareAfter")}</MenuItem>
          {before !== undefined && <MenuItem onClick={() => onCompare(before.number, number)}>{t("versions.compareBefore", { number: before.number })}</MenuItem>}
          <MenuItem disabled={whyNot !== undefined} onClick={onRestore}>
            {t("versions.restore")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
