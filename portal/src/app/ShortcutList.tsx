import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle, Button, DialogActions, makeStyles, tokens } from "@fluentui/react-components";
import { useShortcutGroups } from "@/components/shortcuts";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";
import { places } from "./navigation";

const useStyles = makeStyles({
  list: { display: "grid", gridTemplateColumns: "160px minmax(0, 1fr)", alignItems: "baseline", gap: "6px 16px", margin: "0 0 20px" },
  term: { display: "flex", flexWrap: "wrap", gap: "4px" },
  value: { margin: 0 },
  surface: { maxWidth: "min(980px, 94vw)" },
  columns: { columnWidth: "400px", columnGap: "32px", ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  title: { margin: "0 0 8px", fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold, breakAfter: "avoid" },
  keys: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: "1px 6px",
    whiteSpace: "nowrap",
  },
});

export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const styles = useStyles();
  const { letterKeys } = usePreferences();
  const groups = useShortcutGroups();
  const everywhere: [string, string][] = [
    ["Ctrl+K", t("shortcuts.palette")],
    ["/", t("shortcuts.searchList")],
    ...places(true)
      .filter((place) => place.key !== undefined)
      .map((place): [string, string] => [`g ${place.key}`, t(place.text)]),
    ["?", t("shortcuts.help")],
    ["Esc", t("shortcuts.close")],
  ];
  const lists: [string, string][] = [
    ["↑ ↓", t("shortcuts.move")],
    ["Enter", t("shortcuts.open")],
    ["Space", t("shortcuts.select")],
    ["Shift+F10", t("shortcuts.menu")],
  ];
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("shortcuts.title")}</DialogTitle>
          <DialogContent className={styles.columns} tabIndex={0} role="group" aria-label={t("shortcuts.title")}>
            {!letterKeys && <p>{t("shortcuts.off")}</p>}
            <Keys title={t("shortcuts.everywhere")} keys={everywhere} />
            <Keys title={t("shortcuts.lists")} keys={lists} />
            {groups.map((group) => (
              <Keys key={group.title} title={group.title} keys={group.shortcuts} />
            ))}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.close")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Keys({ title, keys }: { readonly title: string; readonly keys: readonly (readonly [string, string])[] }) {
  const styles = useStyles();
  return (
    <>
      <h3 className={styles.title}>{title}</h3>
      <dl className={styles.list}>
        {keys.map(([key, text]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt className={styles.term}>
              {key.split(", ").map((one) => (
                <kbd key={one} className={styles.keys}>
                  {one}
                </kbd>
              ))}
            </dt>
            <dd className={styles.value}>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
