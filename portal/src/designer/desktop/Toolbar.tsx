import { Button, Select, ToggleButton, makeStyles, tokens } from "@fluentui/react-components";
import {
  ArrowRedo20Regular,
  ArrowStepOut20Regular,
  ArrowStepOver20Regular,
  ArrowUndo20Regular,
  CloudArrowUp20Regular,
  Desktop20Regular,
  ArrowStepIn20Regular,
  Code20Regular,
  List20Regular,
  NoteAdd20Regular,
  PanelLeft20Regular,
  PanelRight20Regular,
  Pause20Regular,
  Play20Filled,
  Save20Regular,
  Search20Regular,
  SplitVertical20Regular,
  Stop20Regular,
} from "@fluentui/react-icons";
import { Fragment, type ReactElement } from "react";
import { Explained } from "@/components/Explained";
import { t, type TextKey } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { shownKeys, spokenKeys, type Command } from "./commands";
import { useDesigner } from "./designer";
import type { Drawable } from "./useDrawer";
import type { View } from "./useLook";

const useStyles = makeStyles({
  toolbar: { display: "flex", alignItems: "center", gap: "4px", padding: "2px 8px", borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, flexWrap: "wrap" },
  divider: { alignSelf: "stretch", width: "1px", margin: "4px", backgroundColor: tokens.colorNeutralStroke2 },
  machine: { display: "flex", alignItems: "center", gap: "4px", marginLeft: "8px", "& select": { maxWidth: "220px" } },
  drawers: { display: "flex", gap: "4px", "@media (min-width: 761px)": { display: "none" } },
  right: { marginLeft: "auto", display: "flex", gap: "4px" },
});

interface ToolbarButton {
  /** The command that it gives. */
  readonly id: string;
  readonly icon: ReactElement;
  readonly iconOnly?: boolean;
}

const GROUPS: readonly (readonly ToolbarButton[])[] = [
  [
    { id: "save", icon: <Save20Regular /> },
    { id: "publish", icon: <CloudArrowUp20Regular /> },
    { id: "publishWithNote", icon: <NoteAdd20Regular />, iconOnly: true },
  ],
  [
    { id: "run", icon: <Play20Filled /> },
    { id: "pause", icon: <Pause20Regular />, iconOnly: true },
    { id: "stop", icon: <Stop20Regular /> },
    { id: "stepOver", icon: <ArrowStepOver20Regular />, iconOnly: true },
    { id: "stepInto", icon: <ArrowStepIn20Regular />, iconOnly: true },
    { id: "stepOut", icon: <ArrowStepOut20Regular />, iconOnly: true },
  ],
  [
    { id: "undo", icon: <ArrowUndo20Regular />, iconOnly: true },
    { id: "redo", icon: <ArrowRedo20Regular />, iconOnly: true },
    { id: "find", icon: <Search20Regular />, iconOnly: true },
  ],
];

const VIEWS: readonly (readonly [View, ReactElement])[] = [
  ["cards", <List20Regular key="cards" />],
  ["text", <Code20Regular key="text" />],
  ["both", <SplitVertical20Regular key="both" />],
];

const DRAWERS: readonly (readonly [Drawable, ReactElement, TextKey])[] = [
  ["actions", <PanelLeft20Regular key="actions" />, "desktop.actionsPane"],
  ["side", <PanelRight20Regular key="side" />, "desktop.variablesAndMore"],
];

/** The commands that have buttons, and the choice of the view. */
export function Toolbar() {
  const styles = useStyles();
  const { commands, look } = useDesigner();
  return (
    <div role="toolbar" data-pane="toolbar" aria-label={t("common.commands")} className={styles.toolbar}>
      {GROUPS.map((group, at) => (
        <Fragment key={at}>
          {at > 0 && <span className={styles.divider} aria-hidden />}
          {group.map((button) => {
            const command = commands.find((one) => one.id === button.id);
            return command === undefined ? null : <CommandButton key={button.id} command={command} button={button} />;
          })}
        </Fragment>
      ))}
      <Machine />
      <Drawers />
      <div className={styles.right} role="group" aria-label={t("desktop.view")}>
        {VIEWS.map(([view, icon]) => (
          <ToggleButton key={view} size="small" appearance="subtle" icon={icon} checked={look.view === view} onClick={() => look.show(view)}>
            {t(`desktop.${view}`)}
          </ToggleButton>
        ))}
      </div>
    </div>
  );
}

/** The panes beside the workspace, where the window is too small for them. */
function Drawers() {
  const styles = useStyles();
  const { look } = useDesigner();
  const { pane, toggle } = look.drawer;
  const why = look.panel === undefined ? undefined : t("desktop.panelOpen");
  const actions = look.view === "text" ? t("desktop.actionsInCards") : undefined;
  return (
    <div className={styles.drawers} role="group" aria-label={t("desktop.sidePanes")}>
      {DRAWERS.map(([name, icon, title]) => {
        const whyNot = name === "actions" ? actions : why;
        return (
          <Explained key={name} why={whyNot}>
            <Button size="small" appearance={pane === name ? "secondary" : "subtle"} icon={icon} aria-expanded={pane === name} disabledFocusable={whyNot !== undefined} aria-label={t(title)} title={t(title)} onClick={() => toggle(name)} />
          </Explained>
        );
      })}
    </div>
  );
}

/** On which machine runs of the designer go. */
function Machine() {
  const styles = useStyles();
  const { debugging } = useDesigner();
  const { connections, connection, choose, isOpen } = debugging;
  return (
    <label className={styles.machine}>
      <Desktop20Regular aria-hidden />
      <Select size="small" aria-label={t("debug.machine")} title={t("debug.machine")} value={connection ?? ""} disabled={isOpen || connections.length === 0} onChange={(_, data) => choose(data.value)}>
        {connections.map(({ name, displayName, connected }) => (
          <option key={name} value={name}>
            {connected > 0 ? displayName : t("debug.away", { name: displayName })}
          </option>
        ))}
      </Select>
    </label>
  );
}

function CommandButton({ command, button }: { readonly command: Command; readonly button: ToolbarButton }) {
  const { text, why } = command;
  return (
    <Explained why={why === "" ? undefined : why}>
      <Button
        size="small"
        appearance="subtle"
        icon={button.icon}
        disabledFocusable={why !== undefined}
        aria-keyshortcuts={spokenKeys(command)}
        title={spoken(`${text} (${shownKeys(command)})`)}
        {...(button.iconOnly === true ? { "aria-label": spoken(text) } : {})}
        onClick={command.run}
      >
        {button.iconOnly === true ? undefined : text}
      </Button>
    </Explained>
  );
}
