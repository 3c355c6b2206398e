import { Button, Input, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner, Tree, TreeItem, TreeItemLayout, makeStyles, tokens } from "@fluentui/react-components";
import { Globe16Regular, MoreHorizontal20Regular, Search20Regular, SquareHint16Regular, Window16Regular } from "@fluentui/react-icons";
import { useState, type KeyboardEvent } from "react";
import type { ElementPlace, FlowElements, MissingElement, UiElement, UiScreen, UseOfElement } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { NameDialog } from "@/components/NameDialog";
import { matches } from "@/designer/model/desktop/find";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";
import { usePaneStyles } from "./paneStyles";
import { SelectorsDialog } from "./SelectorsDialog";
import { placeOf, removing, renaming, useElements } from "./useElements";
import { UnusedMenu } from "./UnusedMenu";

const useStyles = makeStyles({
  words: { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  item: { cursor: "pointer" },
  uses: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

interface Chosen {
  readonly place: ElementPlace;
  readonly name: string;
  readonly reference: string;
  readonly uses: readonly UseOfElement[];
  readonly of: UiScreen | UiElement;
}

type Open = { readonly kind: "rename" | "selectors"; readonly chosen: Chosen };

/** Windows and web pages with their UI elements: where they are used, what they are called, how they are found. */
export function ElementsPane() {
  const styles = usePaneStyles();
  const { whyNot, look, isStale } = useDesigner();
  const { found, error, change, changeNow } = useElements();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<Open>();
  const shown = found === undefined ? [] : matching(found.screens, search);
  const unused = found === undefined ? [] : unusedIn(found.screens);
  const isEmpty = found?.screens.length === 0;
  const removeUnused = () => change(removing(unused), () => look.tell(t("elements.removed", { count: unused.length })));
  const remove = ({ place, uses }: Chosen) => {
    if (uses.length === 0) change(removing([place]));
    else look.tell(t("elements.inUse", { count: uses.length }));
  };
  return (
    <section className={styles.pane} aria-label={t("elements.title")}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("elements.title")}</h2>
        {!isEmpty && <UnusedMenu label="elements.all" count={unused.length} whyNot={whyNot} onRemove={removeUnused} />}
      </div>
      {!isEmpty && <Input type="search" contentBefore={<Search20Regular />} placeholder={t("elements.search")} aria-label={t("elements.search")} value={search} onChange={(_, data) => setSearch(data.value)} />}
      {error !== null && <ErrorMessage error={error} />}
      <div className={styles.list}>
        {found === undefined && error === null && !isStale && <Spinner size="tiny" label={t("elements.reading")} />}
        {isEmpty && <EmptyState title={t("elements.none")} text={t("elements.noneText")} />}
        {!isEmpty && found !== undefined && shown.length === 0 && <p className={styles.quiet}>{t("elements.noMatch")}</p>}
        {shown.length > 0 && <Screens screens={shown} isSearching={search.trim() !== ""} whyNot={whyNot} onOpen={setOpen} onDelete={remove} />}
        <Missing found={found?.missing ?? []} />
      </div>
      {open?.kind === "rename" && (
        <NameDialog
          title={t("elements.renameTitle", { name: open.chosen.name })}
          label={t("desktop.newName")}
          action={t("desktop.rename")}
          initial={open.chosen.name}
          most={200}
          onName={(name) => changeNow(renaming(open.chosen.place, name))}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open?.kind === "selectors" && (
        <SelectorsDialog name={open.chosen.name} place={open.chosen.place} selectors={open.chosen.of.selectors} isReadOnly={whyNot !== undefined} onChange={changeNow} onClose={() => setOpen(undefined)} />
      )}
    </section>
  );
}

interface ScreensProps {
  readonly screens: readonly UiScreen[];
  readonly isSearching: boolean;
  readonly whyNot: string | undefined;
  readonly onOpen: (open: Open) => void;
  readonly onDelete: (chosen: Chosen) => void;
}

function Screens({ screens, isSearching, whyNot, onOpen, onDelete }: ScreensProps) {
  const styles = useStyles();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const values = screens.map((one) => one.reference);
  const item = (chosen: Chosen) => ({
    // A key that an element takes is none of the screen's around it.
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget) return;
      if (event.key === "F2" && whyNot === undefined) onOpen({ kind: "rename", chosen });
      else if (event.key === "Delete" && whyNot === undefined) onDelete(chosen);
      else return;
      event.preventDefault();
    },
    menu: <ElementMenu chosen={chosen} whyNot={whyNot} onOpen={onOpen} onDelete={onDelete} />,
    selectors: () => onOpen({ kind: "selectors", chosen }),
  });
  return (
    <Tree
      aria-label={t("elements.title")}
      size="small"
      openItems={isSearching ? values : values.filter((one) => !closed.has(one))}
      onOpenChange={(_, data) => setClosed(new Set(values.filter((one) => !data.openItems.has(one))))}
    >
      {screens.map((screen) => {
        const own = item(chosenOf(screen));
        return (
          <TreeItem key={screen.reference} itemType="branch" value={screen.reference} onKeyDown={own.onKeyDown}>
            <TreeItemLayout iconBefore={screen.web ? <Globe16Regular aria-label={t("elements.webPage")} /> : <Window16Regular aria-label={t("elements.window")} />} aside={<Uses count={screen.uses.length} />} actions={own.menu}>
              <UserText className={styles.words} title={screen.name}>
                {screen.name}
              </UserText>
            </TreeItemLayout>
            <Tree>
              {screen.elements.map((element) => {
                const { onKeyDown, menu, selectors } = item(chosenOf(screen, element));
                return (
                  <TreeItem
                    key={element.reference}
                    itemType="leaf"
                    value={element.reference}
                    className={styles.item}
                    onDoubleClick={selectors}
                    onKeyDown={(event) => {
                      if (event.key === "Enter" && event.target === event.currentTarget) selectors();
                      else onKeyDown(event);
                    }}
                  >
                    <TreeItemLayout iconBefore={<SquareHint16Regular />} aside={<Uses count={element.uses.length} />} actions={menu}>
                      <UserText className={styles.words} title={[element.name, element.type, element.protocol].filter(Boolean).join(" · ")}>
                        {element.name}
                      </UserText>
                    </TreeItemLayout>
                  </TreeItem>
                );
              })}
            </Tree>
          </TreeItem>
        );
      })}
    </Tree>
  );
}

function Uses({ count }: { readonly count: number }) {
  const styles = useStyles();
  return (
    <span className={styles.uses} title={t("desktop.uses", { count })}>
      {count}
    </span>
  );
}

interface ElementMenuProps {
  readonly chosen: Chosen;
  readonly whyNot: string | undefined;
  readonly onOpen: (open: Open) => void;
  readonly onDelete: (chosen: Chosen) => void;
}

function ElementMenu({ chosen, whyNot, onOpen, onDelete }: ElementMenuProps) {
  const { look } = useDesigner();
  const { name, reference, uses } = chosen;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("elements.more", { name })} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onOpen({ kind: "selectors", chosen })}>{t("elements.selectors")}</MenuItem>
          <MenuItem disabled={whyNot !== undefined} secondaryContent="F2" onClick={() => onOpen({ kind: "rename", chosen })}>
            {t("elements.rename")}
          </MenuItem>
          <MenuItem onClick={() => look.find({ text: reference, matchCase: false, wholeName: false })}>{t("desktop.findUsages")}</MenuItem>
          <MenuItem onClick={() => void navigator.clipboard.writeText(reference)}>{t("elements.copyReference")}</MenuItem>
          <MenuItem disabled={whyNot !== undefined || uses.length > 0} secondaryContent={uses.length > 0 ? t("desktop.uses", { count: uses.length }) : "Del"} onClick={() => onDelete(chosen)}>
            {t("elements.delete")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** What rows use and the flow does not have. */
export function Missing({ found }: { readonly found: readonly MissingElement[] }) {
  const styles = usePaneStyles();
  const { look } = useDesigner();
  if (found.length === 0) return null;
  return (
    <>
      <h3 className={styles.group}>{t("elements.missing")}</h3>
      <ul className={styles.rows} aria-label={t("elements.missing")}>
        {found.map((one) => (
          <li key={one.reference} className={styles.row}>
            <Button size="small" appearance="subtle" className={styles.reference} title={t("desktop.uses", { count: one.uses.length })} onClick={() => look.find({ text: one.reference, matchCase: false, wholeName: false })}>
              {one.reference}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function chosenOf(screen: UiScreen, element?: UiElement): Chosen {
  const of = element ?? screen;
  return { place: placeOf(screen, element), name: of.name, reference: of.reference, uses: of.uses, of };
}

/** Screens whose name matches with all of their elements, others with the elements that do. */
function matching(screens: readonly UiScreen[], search: string): readonly UiScreen[] {
  if (search.trim() === "") return screens;
  return screens.flatMap((screen) => {
    if (matches(screen.name, search)) return [screen];
    const elements = screen.elements.filter((one) => matches(`${screen.name} ${one.name} ${one.type}`, search));
    return elements.length === 0 ? [] : [{ ...screen, elements }];
  });
}

/** What no row uses: whole screens, or single elements of those that are used. */
function unusedIn(screens: FlowElements["screens"]): readonly ElementPlace[] {
  return screens.flatMap((screen) =>
    screen.uses.length === 0 ? [placeOf(screen)] : screen.elements.filter((one) => one.uses.length === 0).map((one) => placeOf(screen, one)),
  );
}
