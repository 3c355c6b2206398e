import { Button, CounterBadge, Menu, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, ToggleButton, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowLeft20Regular, ArrowRedo20Regular, ArrowUndo20Regular, ChevronDown20Regular, Code20Regular, DocumentMultiple20Regular, Edit20Regular, Flowchart20Regular, Flag20Regular, History20Regular, List20Regular, Play20Regular, Power20Regular, Save20Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { addressOf } from "@/components/addresses";
import { NameDialog } from "@/components/NameDialog";
import { StatusBadge } from "@/components/StatusBadge";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { SaveDialog } from "./SaveDialog";
import type { Flow } from "./useFlow";

/** Windows in which the bar would take a second line. */
const TIGHT = "@media (max-width: 1279px)";

const useStyles = makeStyles({
  together: { display: "flex", flexShrink: 0 },
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "4px 8px",
    padding: "6px 12px",
    flexShrink: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    "& .fui-Button": { minWidth: 0 },
    [TIGHT]: { gap: "4px" },
  },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    fontWeight: tokens.fontWeightSemibold,
    minWidth: 0,
    maxWidth: "min(400px, 60vw)",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    [TIGHT]: { maxWidth: "220px" },
  },
  /** Where the bar has no room for words, the icon stands alone; its name and its tooltip stay. */
  word: { [TIGHT]: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)", whiteSpace: "nowrap" } },
  count: { marginInlineStart: "6px", [TIGHT]: { marginInlineStart: 0 } },
  quiet: { color: tokens.colorNeutralForeground2, whiteSpace: "nowrap", marginInlineStart: "4px" },
  grow: { flex: "1 1 auto" },
  more: { minWidth: "28px", marginInlineStart: "-6px" },
});

export type View = "canvas" | "outline" | "code";
export type SidePane = "checker" | "history" | "versions";

interface CommandBarProps {
  readonly flow: Flow;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly side: SidePane | undefined;
  readonly onSide: (side: SidePane | undefined) => void;
  readonly onTest: () => void;
}

const VIEWS = { canvas: ["cloud.viewCanvas", Flowchart20Regular], outline: ["cloud.viewOutline", List20Regular], code: ["cloud.viewCode", Code20Regular] } as const;

/** The flow's name and state, and what can be done with it as a whole. */
export function CommandBar({ flow, view, onView, side, onSide, onTest }: CommandBarProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [renaming, setRenaming] = useState(false);
  const [noting, setNoting] = useState(false);
  const faults = flow.faults ?? [];
  const status = flow.isSaving ? "cloud.saving" : !flow.mayChange ? "cloud.readOnly" : flow.isChanged ? "cloud.unsaved" : "cloud.saved";
  const errors = faults.filter((one) => one.fatal).length;
  const notYet = flow.isChanged ? t("cloud.saveFirst") : flow.state !== "On" && errors > 0 ? t("cloud.errorsFirst", { count: errors }) : undefined;
  const [viewText, ViewIcon] = VIEWS[view];
  const test = async () => {
    if (await flow.save()) onTest();
  };
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("common.commands")}>
      <Tooltip content={t("cloud.back")} relationship="label">
        <Button appearance="subtle" icon={<ArrowLeft20Regular />} onClick={() => void navigate({ to: addressOf.cloudFlows })} />
      </Tooltip>
      <h1 className={styles.title} dir="auto" title={visible(flow.name)}>
        {visible(flow.name)}
      </h1>
      {flow.mayChange && (
        <Tooltip content={t("cloud.rename")} relationship="label">
          <Button appearance="subtle" size="small" icon={<Edit20Regular />} onClick={() => setRenaming(true)} />
        </Tooltip>
      )}
      <StatusBadge status={flow.state} />
      <span className={styles.quiet} role="status">
        {t(status)}
      </span>
      <span className={styles.grow} />
      <Tooltip content={flow.canUndo ? `${t("cloud.undo")} (Ctrl+Z)` : t("cloud.nothingToUndo")} relationship="label">
        <Button appearance="subtle" icon={<ArrowUndo20Regular />} disabledFocusable={!flow.canUndo} onClick={flow.undo} />
      </Tooltip>
      <Tooltip content={flow.canRedo ? `${t("cloud.redo")} (Ctrl+Y)` : t("cloud.nothingToRedo")} relationship="label">
        <Button appearance="subtle" icon={<ArrowRedo20Regular />} disabledFocusable={!flow.canRedo} onClick={flow.redo} />
      </Tooltip>
      <Menu checkedValues={{ view: [view] }} onCheckedValueChange={(_, data) => onView(data.checkedItems[0] as View)}>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<ViewIcon />} title={t(viewText)}>
            <span className={styles.word}>{t(viewText)}</span>
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {Object.entries(VIEWS).map(([name, [text, Icon]]) => (
              <MenuItemRadio key={name} name="view" value={name} icon={<Icon />}>
                {t(text)}
              </MenuItemRadio>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <ToggleButton
        appearance="subtle"
        icon={<Flag20Regular />}
        checked={side === "checker"}
        title={t("cloud.checker")}
        aria-label={t("cloud.checkerCount", { count: faults.length })}
        onClick={() => onSide(side === "checker" ? undefined : "checker")}
      >
        <span className={styles.word}>{t("cloud.checker")} </span>
        {faults.length > 0 && (
          <CounterBadge count={faults.length} size="small" color={faults.some((one) => one.fatal) ? "danger" : "informative"} className={styles.count} />
        )}
      </ToggleButton>
      <ToggleButton appearance="subtle" icon={<History20Regular />} title={t("cloud.history")} checked={side === "history"} onClick={() => onSide(side === "history" ? undefined : "history")}>
        <span className={styles.word}>{t("cloud.history")}</span>
      </ToggleButton>
      <ToggleButton appearance="subtle" icon={<DocumentMultiple20Regular />} title={t("versions.title")} checked={side === "versions"} onClick={() => onSide(side === "versions" ? undefined : "versions")}>
        <span className={styles.word}>{t("versions.title")}</span>
      </ToggleButton>
      {flow.mayChange && (
        <>
          <Tooltip content={notYet ?? t(flow.state === "On" ? "cloud.turnOff" : "cloud.turnOn")} relationship="description">
            <Button appearance="subtle" icon={<Power20Regular />} disabledFocusable={notYet !== undefined} onClick={() => flow.turn(flow.state !== "On")}>
              {t(flow.state === "On" ? "cloud.turnOff" : "cloud.turnOn")}
            </Button>
          </Tooltip>
          <span className={styles.together}>
            <Tooltip content={flow.isChanged ? "Ctrl+S" : t("cloud.nothingToSave")} relationship="description">
              <Button icon={<Save20Regular />} disabledFocusable={!flow.isChanged || flow.isSaving} onClick={() => void flow.save()}>
                {t("cloud.save")}
              </Button>
            </Tooltip>
            <Menu positioning="below-end">
              <MenuTrigger disableButtonEnhancement>
                <Button className={styles.more} appearance="subtle" icon={<ChevronDown20Regular />} aria-label={t("cloud.versions.saveMore")} />
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <MenuItem onClick={() => setNoting(true)}>{t("cloud.versions.saveWithNote")}</MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          </span>
        </>
      )}
      <Button appearance="primary" icon={<Play20Regular />} onClick={() => void test()}>
        {t("cloud.test")}
      </Button>
      {noting && <SaveDialog flow={flow} onClose={() => setNoting(false)} />}
      {renaming && (
        <NameDialog
          title={t("cloud.rename")}
          label={t("cloud.name")}
          action={t("cloud.save")}
          initial={flow.name}
          onName={(name) => flow.rename(name)}
          onClose={() => setRenaming(false)}
        />
      )}
    </div>
  );
}
