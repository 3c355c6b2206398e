import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle, Input, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Search20Regular } from "@fluentui/react-icons";
import { useId, useState, type KeyboardEvent } from "react";
import type { PaletteGroup, RowForm } from "@/api/portal";
import { matches } from "@/designer/model/desktop/find";
import { t } from "@/strings/text";
import { titleOf } from "./ActionsPane";
import { RowIcon } from "./icons";

const MOST = 60;

const useStyles = makeStyles({
  surface: { maxWidth: "560px" },
  content: { display: "flex", flexDirection: "column", gap: "8px" },
  list: { margin: 0, padding: 0, listStyleType: "none", height: "min(360px, 50vh)", overflow: "auto" },
  item: { display: "flex", alignItems: "center", gap: "8px", padding: "6px 8px", borderRadius: tokens.borderRadiusMedium, cursor: "pointer", ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  active: { backgroundColor: tokens.colorNeutralBackground1Selected, "@media (forced-colors: active)": { outline: "1px solid Highlight" } },
  group: { marginLeft: "auto", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  icon: { display: "flex", color: tokens.colorBrandForeground1 },
});

interface QuickAddProps {
  readonly groups: readonly PaletteGroup[];
  readonly onInsert: (form: RowForm) => void;
  readonly onClose: () => void;
}

/** A box to type an action's name into; Enter inserts it. */
export function QuickAdd({ groups, onInsert, onClose }: QuickAddProps) {
  const styles = useStyles();
  const id = useId();
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const forms = groups
    .flatMap((group) => group.forms)
    .filter((one) => search.trim() === "" || matches(`${one.title} ${one.name} ${one.group} ${one.help}`, search.trim()))
    .sort((one, other) => rank(one, search) - rank(other, search))
    .slice(0, MOST);
  const choose = (form: RowForm | undefined) => {
    if (form === undefined) return;
    onClose();
    onInsert(form);
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(forms.length - 1, active + step));
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(forms[active]);
    }
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("desktop.quickAdd")}</DialogTitle>
          <DialogContent className={styles.content}>
            <Input
              autoFocus
              type="search"
              role="combobox"
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={forms[active] === undefined ? undefined : `${id}-${active}`}
              contentBefore={<Search20Regular />}
              aria-label={t("desktop.searchActions")}
              placeholder={t("desktop.searchActions")}
              value={search}
              onChange={(_, data) => {
                setSearch(data.value);
                setActive(0);
              }}
              onKeyDown={keys}
            />
            <ul id={`${id}-list`} role="listbox" aria-label={t("desktop.actions")} className={styles.list} tabIndex={-1}>
              {forms.map((form, at) => {
                              return (
                  <li key={form.name} id={`${id}-${at}`} role="option" aria-selected={at === active} className={mergeClasses(styles.item, at === active && styles.active)} onClick={() => choose(form)}>
                    <span className={styles.icon} aria-hidden>
                      <RowIcon name={form.name} />
                    </span>
                    {titleOf(form)}
                    <span className={styles.group}>{form.group}</span>
                  </li>
                );
              })}
            </ul>
            {forms.length === 0 && <span role="status">{t("desktop.noAction")}</span>}
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Titles that begin with what is searched for come first. */
function rank(form: RowForm, search: string): number {
  const word = search.trim().toLowerCase();
  const title = form.title.toLowerCase();
  return title.startsWith(word) ? 0 : title.includes(word) ? 1 : 2;
}
