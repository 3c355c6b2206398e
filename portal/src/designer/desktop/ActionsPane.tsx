import { Button, Input, Tooltip, Tree, TreeItem, TreeItemLayout, makeStyles, tokens } from "@fluentui/react-components";
import { Search20Regular, Star16Filled, Star16Regular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import type { PaletteGroup, RowForm } from "@/api/portal";
import { matches } from "@/designer/model/desktop/find";
import { remember, remembered } from "@/preferences/remembered";
import { variantWords } from "@/designer/model/desktop/variant";
import { t } from "@/strings/text";
import { RowIcon } from "./icons";

const FAVOURITES = "favouriteActions";

const useStyles = makeStyles({
  pane: { boxSizing: "border-box", display: "flex", flexDirection: "column", gap: "8px", height: "100%", minHeight: 0, padding: "12px 8px 8px" },
  title: { margin: "0 4px", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { overflow: "auto", flex: "1 1 auto", minHeight: 0 },
  item: { cursor: "pointer" },
  away: { color: tokens.colorNeutralForeground3 },
  none: { margin: "8px", color: tokens.colorNeutralForeground2 },
});

interface ActionsPaneProps {
  readonly groups: readonly PaletteGroup[];
  readonly whyNot: string | undefined;
  readonly onInsert: (form: RowForm) => void;
}

/** Every action, by the original's groups; Enter or a double click inserts one after the selection. */
export function ActionsPane({ groups, whyNot, onInsert }: ActionsPaneProps) {
  const styles = useStyles();
  const [search, setSearch] = useState("");
  const [favourites, setFavourites] = useState<readonly string[]>(() => remembered<readonly string[]>(FAVOURITES, []));
  const [open, setOpen] = useState<ReadonlySet<unknown>>(new Set());
  const isSearching = search.trim().length >= 2;
  const shown = useMemo(() => (isSearching ? found(groups, search) : groups), [groups, search, isSearching]);
  const favour = (name: string) => {
    const next = favourites.includes(name) ? favourites.filter((one) => one !== name) : [...favourites, name];
    setFavourites(next);
    remember(FAVOURITES, next);
  };
  const stars = groups.flatMap((group) => group.forms).filter((form) => favourites.includes(form.name));
  const item = (form: RowForm, prefix = "") => (
    <ActionItem key={prefix + form.name} form={form} value={prefix + form.name} isFavourite={favourites.includes(form.name)} whyNot={whyNot} onInsert={onInsert} onFavour={favour} />
  );
  return (
    <section className={styles.pane} aria-label={t("desktop.actions")}>
      <h2 className={styles.title}>{t("desktop.actions")}</h2>
      <Input
        type="search"
        contentBefore={<Search20Regular />}
        placeholder={t("desktop.searchActions")}
        aria-label={t("desktop.searchActions")}
        value={search}
        onChange={(_, data) => setSearch(data.value)}
      />
      <div className={styles.list}>
        {shown.length === 0 && <p className={styles.none}>{t("desktop.noAction")}</p>}
        <Tree
          aria-label={t("desktop.actions")}
          size="small"
          openItems={isSearching ? shown.map((one) => one.title) : (open as Set<string>)}
          onOpenChange={(_, data) => setOpen(data.openItems)}
        >
          {stars.length > 0 && !isSearching && (
            <TreeItem itemType="branch" value="★">
              <TreeItemLayout>{t("desktop.favourites")}</TreeItemLayout>
              <Tree>{stars.map((form) => item(form, "★"))}</Tree>
            </TreeItem>
          )}
          {shown.map((group) => (
            <TreeItem key={group.title} itemType="branch" value={group.title}>
              <TreeItemLayout className={group.forms.length === 0 ? styles.away : ""}>{group.title}</TreeItemLayout>
              <Tree>
                {group.forms.map((form) => item(form))}
                {group.hidden.length > 0 && (
                  <TreeItem itemType="branch" value={`${group.title} hidden`}>
                    <TreeItemLayout className={styles.away}>{t("desktop.hidden", { count: group.hidden.length })}</TreeItemLayout>
                    <Tree>
                      {group.hidden.map((one) => (
                        <Tooltip key={one.name} content={one.why} relationship="description" positioning="after">
                          <TreeItem itemType="leaf" value={one.name}>
                            <TreeItemLayout className={styles.away}>{one.title}</TreeItemLayout>
                          </TreeItem>
                        </Tooltip>
                      ))}
                    </Tree>
                  </TreeItem>
                )}
              </Tree>
            </TreeItem>
          ))}
        </Tree>
      </div>
    </section>
  );
}

interface ActionItemProps {
  readonly form: RowForm;
  readonly value: string;
  readonly isFavourite: boolean;
  readonly whyNot: string | undefined;
  readonly onInsert: (form: RowForm) => void;
  readonly onFavour: (name: string) => void;
}

function ActionItem({ form, value, isFavourite, whyNot, onInsert, onFavour }: ActionItemProps) {
  const styles = useStyles();
  const insert = () => whyNot === undefined && onInsert(form);
  return (
    <Tooltip content={whyNot ?? form.help} relationship="description" positioning="after">
      <TreeItem
        itemType="leaf"
        value={value}
        className={styles.item}
        draggable={whyNot === undefined}
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAGGED_ACTION, form.name);
          event.dataTransfer.effectAllowed = "copy";
        }}
        onDoubleClick={insert}
        onKeyDown={(event) => {
          if (event.key === "Enter") insert();
        }}
      >
        <TreeItemLayout
          iconBefore={<RowIcon name={form.name} />}
          actions={
            <Button
              size="small"
              appearance="subtle"
              icon={isFavourite ? <Star16Filled /> : <Star16Regular />}
              aria-label={t(isFavourite ? "desktop.unfavour" : "desktop.favour", { name: titleOf(form) })}
              onClick={() => onFavour(form.name)}
            />
          }
        >
          {titleOf(form)}
        </TreeItemLayout>
      </TreeItem>
    </Tooltip>
  );
}

export const DRAGGED_ACTION = "application/x-deskhand-action";

/** An action's title, with its variant where several actions have the same. */
export function titleOf(form: RowForm): string {
  const variant = form.name.split(".")[2];
  return variant === undefined ? form.title : `${form.title} (${variantWords(variant)})`;
}

/** The groups as far as they match a search; a group whose title matches is shown whole. */
function found(groups: readonly PaletteGroup[], search: string): readonly PaletteGroup[] {
  return groups
    .map((group) => {
      if (matches(group.title, search)) return group;
      const forms = group.forms.filter((one) => matches(`${one.title} ${one.name} ${one.help}`, search));
      return { ...group, forms, hidden: group.hidden.filter((one) => matches(`${one.title} ${one.name}`, search)) };
    })
    .filter((group) => group.forms.length > 0 || group.hidden.length > 0);
}
