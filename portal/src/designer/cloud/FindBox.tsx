import { Button, SearchBox, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronDown20Regular, ChevronUp20Regular, Dismiss20Regular } from "@fluentui/react-icons";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { findSteps, stepsAround } from "@/designer/model/cloud/find";
import { t } from "@/strings/text";
import { focusCard } from "./canvasKeys";
import { useDesigner } from "./context";

const useStyles = makeStyles({
  box: {
    position: "absolute",
    top: "12px",
    right: "12px",
    zIndex: 5,
    display: "flex",
    alignItems: "center",
    gap: "4px",
    padding: "4px",
    maxWidth: "calc(100% - 24px)",
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow8,
    "@media (forced-colors: active)": { border: "1px solid" },
  },
  search: { minWidth: 0, width: "240px" },
  count: { minWidth: "64px", whiteSpace: "nowrap", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** *Find in flow*: leads from one step that fits to the next. */
export function FindBox({ onClose }: { readonly onClose: () => void }) {
  const styles = useStyles();
  const { definition, folded, fold, select } = useDesigner();
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const search = useRef<HTMLInputElement>(null);
  const found = useMemo(() => findSteps(definition, text), [definition, text]);
  useEffect(() => search.current?.focus(), []);
  const go = (wanted: number) => {
    const index = (wanted + found.length) % found.length;
    const id = found[index];
    if (id === undefined) return;
    for (const owner of stepsAround(definition, id.slice("step:".length))) if (folded.has(owner)) fold(owner);
    setAt(index);
    select(id);
  };
  const close = () => {
    const id = found[at];
    onClose();
    requestAnimationFrame(() => focusCard(id ?? "trigger"));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === search.current && found.length > 0) go(event.shiftKey ? at - 1 : at + 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const told = text.trim() === "" ? "" : found.length === 0 ? t("cloud.find.none") : t("cloud.find.count", { at: Math.max(at, 0) + (at < 0 ? 0 : 1), count: found.length });
  return (
    <div className={styles.box} role="search" aria-label={t("cloud.find")} onKeyDown={keys}>
      <SearchBox
        input={{ ref: search }}
        className={styles.search}
        size="small"
        aria-label={t("cloud.find.label")}
        placeholder={t("cloud.find")}
        value={text}
        onChange={(_, data) => {
          setText(data.value);
          setAt(-1);
        }}
      />
      <span className={styles.count} role="status">
        {told}
      </span>
      <Tooltip content={`${t("cloud.find.previous")} (Shift+Enter)`} relationship="label">
        <Button appearance="subtle" size="small" icon={<ChevronUp20Regular />} disabledFocusable={found.length === 0} onClick={() => go(at < 0 ? -1 : at - 1)} />
      </Tooltip>
      <Tooltip content={`${t("cloud.find.next")} (Enter)`} relationship="label">
        <Button appearance="subtle" size="small" icon={<ChevronDown20Regular />} disabledFocusable={found.length === 0} onClick={() => go(at + 1)} />
      </Tooltip>
      <Tooltip content={`${t("cloud.find.close")} (Esc)`} relationship="label">
        <Button appearance="subtle" size="small" icon={<Dismiss20Regular />} onClick={close} />
      </Tooltip>
    </div>
  );
}
