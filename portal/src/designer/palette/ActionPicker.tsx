import {
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Button,
  SearchBox,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Star20Filled, Star20Regular } from "@fluentui/react-icons";
import { createElement, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Palette } from "@/api/portal";
import { remember, remembered } from "@/preferences/remembered";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { iconOf } from "@/designer/cloud/StepIcon";
import { offersOf, type Offer } from "./offerList";

const useStyles = makeStyles({
  surface: { maxWidth: "680px" },
  content: { display: "flex", flexDirection: "column", gap: "12px", minHeight: "420px", maxHeight: "70vh" },
  search: { width: "100%", maxWidth: "none" },
  list: { overflow: "auto", display: "flex", flexDirection: "column", gap: "4px", flex: "1 1 auto", paddingInlineEnd: "4px" },
  group: { margin: "12px 0 4px", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  row: { display: "flex", alignItems: "center", gap: "4px", marginBottom: "4px" },
  offer: {
    display: "flex",
    width: "100%",
    gap: "12px",
    alignItems: "center",
    padding: "8px 12px",
    minHeight: "48px",
    textAlign: "start",
    font: "inherit",
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-1px" },
  },
  icon: { display: "flex", color: tokens.colorBrandForeground1, flexShrink: 0 },
  texts: { minWidth: 0 },
  title: { fontWeight: tokens.fontWeightSemibold },
  doc: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  none: { color: tokens.colorNeutralForeground2 },
});

const FAVOURITES = "favouriteCloudActions";

interface ActionPickerProps {
  readonly palette: Palette;
  readonly onChoose: (offer: Offer) => void;
  readonly onClose: () => void;
}

/** *Choose an action*: the search comes first, then favourites, built-in tools and connectors. */
export function ActionPicker({ palette, onChoose, onClose }: ActionPickerProps) {
  const styles = useStyles();
  const [text, setText] = useState("");
  const [favourites, setFavourites] = useState<readonly string[]>(() => remembered<readonly string[]>(FAVOURITES, []));
  const groups = useMemo(() => offersOf(palette, text, favourites), [palette, text, favourites]);
  const favour = (id: string) => {
    const next = favourites.includes(id) ? favourites.filter((one) => one !== id) : [...favourites, id];
    setFavourites(next);
    remember(FAVOURITES, next);
  };
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>("button[data-offer]") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = buttons[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  const first = groups[0]?.offers[0];
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("cloud.choose")}</DialogTitle>
          <DialogContent className={styles.content} onKeyDown={move}>
            <SearchBox
              autoFocus
              className={styles.search}
              aria-label={t("cloud.searchActions")}
              placeholder={t("cloud.searchActions")}
              value={text}
              onChange={(_, data) => setText(data.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && text !== "" && first !== undefined) onChoose(first);
              }}
            />
            <div ref={list} className={styles.list}>
              {groups.length === 0 && <p className={styles.none}>{t("cloud.noActions", { text })}</p>}
              {groups.map((group) => (
                <section key={group.title} aria-label={spoken(group.title)}>
                  <h3 className={styles.group}>{group.title}</h3>
                  {group.offers.map((offer) => (
                    <div key={offer.id} className={styles.row}>
                      <OfferButton offer={offer} onChoose={() => onChoose(offer)} />
                      <Button
                        appearance="subtle"
                        icon={favourites.includes(offer.id) ? <Star20Filled /> : <Star20Regular />}
                        aria-label={t(favourites.includes(offer.id) ? "cloud.unfavour" : "cloud.favour", { name: offer.title })}
                        onClick={() => favour(offer.id)}
                      />
                    </div>
                  ))}
                </section>
              ))}
            </div>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function OfferButton({ offer, onChoose }: { readonly offer: Offer; readonly onChoose: () => void }) {
  const styles = useStyles();
  return (
    <button type="button" className={styles.offer} data-offer onClick={onChoose}>
      <span className={styles.icon}>
        {createElement(iconOf(offer.action?.type ?? "", offer.connector?.name), { "aria-hidden": true })}
      </span>
      <span className={styles.texts}>
        <span className={styles.title}>{offer.title}</span>
        <br />
        <span className={styles.doc}>{offer.doc}</span>
      </span>
    </button>
  );
}
