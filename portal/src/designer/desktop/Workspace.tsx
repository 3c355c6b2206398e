import { Button, Menu, MenuDivider, MenuItem, MenuList, MenuPopover, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Add16Regular, ChevronDown16Regular, ChevronRight16Regular, ErrorCircle16Filled, MoreHorizontal16Regular, Play16Filled, ShieldTask16Regular, Warning16Filled } from "@fluentui/react-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, memo, useEffect, useId, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent } from "react";
import type { RowFinding } from "@/api/portal";
import { folds } from "@/designer/model/desktop/blocks";
import { canBreak, type Rule, type Rules } from "@/designer/model/desktop/breakpoints";
import type { Row } from "@/designer/model/desktop/document";
import { sentence } from "@/designer/model/desktop/find";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { spoken, visible } from "@/strings/visible";
import { DRAGGED_ACTION } from "./ActionsPane";
import { dotOf, ruleText } from "./debugText";
import { RowIcon } from "./icons";
import { shownKeys, type Command } from "./commands";

const HEIGHT = 52;
const LOW = 36;
const STEP = 24;

const useStyles = makeStyles({
  whole: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  grid: {
    flex: "1 1 auto",
    minHeight: 0,
    overflow: "auto",
    backgroundColor: tokens.colorNeutralBackground1,
    outlineStyle: "none",
    "&:focus-visible .current": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  stale: { opacity: 0.55 },
  rows: { position: "relative", minWidth: "100%" },
  row: {
    position: "absolute",
    insetInline: 0,
    top: 0,
    display: "flex",
    alignItems: "stretch",
    boxSizing: "border-box",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    borderLeft: "3px solid transparent",
    cursor: "default",
    contain: "strict",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    "& .menu": { opacity: 0 },
    ":hover .menu": { opacity: 1 },
    "& .menu:focus-visible": { opacity: 1 },
  },
  selected: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    borderLeftColor: tokens.colorCompoundBrandStroke,
    "& .menu": { opacity: 1 },
    "@media (forced-colors: active)": { outline: "1px solid Highlight" },
  },
  running: { backgroundColor: tokens.colorBrandBackground2 },
  pausedRow: { backgroundColor: tokens.colorPaletteYellowBackground1, "@media (forced-colors: active)": { outline: "2px solid Mark" } },
  failed: { backgroundColor: tokens.colorPaletteRedBackground1 },
  before: { boxShadow: `inset 0 2px 0 ${tokens.colorCompoundBrandStroke}` },
  gutter: { width: "22px", flexShrink: 0, display: "flex", alignItems: "center", justifyContent: "center" },
  spot: {
    width: "22px",
    flexShrink: 0,
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    cursor: "pointer",
    "& > *": { width: "12px", height: "12px", borderRadius: "50%", boxSizing: "border-box" },
    ":hover > .off": { border: `2px solid ${tokens.colorPaletteRedBackground3}` },
  },
  none: { cursor: "default" },
  breakpoint: { backgroundColor: tokens.colorPaletteRedBackground3, "@media (forced-colors: active)": { backgroundColor: "Highlight" } },
  pauses: {},
  asks: { "::after": { content: "''", display: "block", width: "6px", height: "2px", margin: "5px 3px", backgroundColor: tokens.colorNeutralForegroundOnBrand } },
  logs: { borderRadius: "1px", transform: "rotate(45deg) scale(0.85)" },
  number: {
    width: "36px",
    flexShrink: 0,
    display: "flex",
    alignItems: "center",
    justifyContent: "flex-end",
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontVariantNumeric: "tabular-nums",
  },
  indent: { flexShrink: 0, width: `${STEP}px`, borderRight: `1px solid ${tokens.colorNeutralStroke2}` },
  toggle: { width: "24px", flexShrink: 0, display: "flex", alignItems: "center", justifyContent: "center", color: tokens.colorNeutralForeground2, cursor: "pointer", border: "none", background: "none", padding: 0 },
  icon: { display: "flex", alignItems: "center", marginRight: "10px", color: tokens.colorBrandForeground1, flexShrink: 0 },
  words: { display: "flex", flexDirection: "column", justifyContent: "center", minWidth: 0, flex: "1 1 auto" },
  line: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  title: { fontWeight: tokens.fontWeightSemibold },
  summary: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, lineHeight: "18px" },
  chip: {
    padding: "0 4px",
    borderRadius: tokens.borderRadiusSmall,
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "11px",
  },
  comment: { color: tokens.colorPaletteGreenForeground2, fontWeight: tokens.fontWeightRegular },
  region: { fontStyle: "italic" },
  disabled: { opacity: 0.6, textDecorationLine: "line-through" },
  error: { color: tokens.colorPaletteRedForeground1 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  brand: { color: tokens.colorBrandForeground1 },
  menu: {
    display: "flex",
    padding: "4px",
    color: "inherit",
    backgroundColor: "transparent",
    border: "none",
    borderRadius: tokens.borderRadiusMedium,
    cursor: "pointer",
    ":hover": { color: tokens.colorNeutralForeground2BrandHover, backgroundColor: tokens.colorSubtleBackgroundHover },
    "&[aria-expanded=true]": { opacity: 1 },
  },
  popover: { maxHeight: "min(680px, 85vh)", overflowY: "auto" },
  end: { display: "flex", alignItems: "center", gap: "6px", padding: "0 8px", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, flexShrink: 0 },
  tail: { padding: "4px 12px", borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
});

/** What a run did with a row. */
export interface RowMark {
  readonly state: "running" | "paused" | "succeeded" | "failed";
  readonly text: string;
}

interface WorkspaceProps {
  readonly name: string;
  readonly rows: readonly { readonly row: Row; readonly at: number }[];
  readonly all: readonly Row[];
  readonly selected: ReadonlySet<number>;
  readonly current: number | undefined;
  readonly folded: ReadonlySet<number>;
  readonly findings: readonly RowFinding[];
  readonly marks: ReadonlyMap<number, RowMark>;
  readonly breakpoints: Rules;
  readonly onBreakpoint: (row: Row) => void;
  readonly onEditBreakpoint: (row: Row) => void;
  readonly isStale: boolean;
  readonly mayAdd: boolean;
  readonly commands: (row: Row) => readonly (readonly Command[])[];
  readonly onSelect: (key: number, how: "one" | "add" | "range") => void;
  readonly onFold: (key: number) => void;
  readonly onOpen: (row: Row) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onAdd: () => void;
  readonly onDropRows: (at: number) => void;
  readonly onDropAction: (name: string, at: number) => void;
}

/** The rows of a subflow as a tree grid; only those in sight are drawn. */
export function Workspace(props: WorkspaceProps) {
  const { rows, all, selected, current, folded, findings, marks } = props;
  const styles = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [dropAt, setDropAt] = useState<number>();
  const [menu, setMenu] = useState<{ readonly row: Row; readonly button: HTMLElement }>();
  const problems = useMemo(() => byRow(findings, props.name), [findings, props.name]);
  const isHigh = (row: Row) => row.summary.length > 0 || row.produces.length > 0;
  // The virtualizer keeps its own state; nothing below it is remembered between renders.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index] !== undefined && !isHigh(rows[index].row) && (problems.get(rows[index].at)?.length ?? 0) === 0 ? LOW : HEIGHT),
    getItemKey: (index) => rows[index]?.row.key ?? index,
    overscan: 12,
  });
  const currentIndex = rows.findIndex(({ row }) => row.key === current);
  useEffect(() => {
    virtual.measure();
  }, [rows, findings, virtual]);
  useEffect(() => {
    if (currentIndex >= 0) virtual.scrollToIndex(currentIndex, { align: "auto" });
  }, [currentIndex, virtual]);

  const go = (index: number, extend: boolean) => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (target !== undefined) props.onSelect(target.row.key, extend ? "range" : "one");
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const here = rows[currentIndex];
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / HEIGHT) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: currentIndex + 1,
      ArrowUp: currentIndex - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: currentIndex + page,
      PageUp: currentIndex - page,
    };
    const to = moves[event.key];
    if (plain && to !== undefined) {
      event.preventDefault();
      go(to, event.shiftKey);
    } else if (plain && here !== undefined && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      const isFolded = folded.has(here.row.key);
      if (folds(all, here.at) && isFolded === (event.key === "ArrowRight")) props.onFold(here.row.key);
    } else if (plain && event.key === "Enter" && here !== undefined) {
      event.preventDefault();
      props.onOpen(here.row);
    } else if (here !== undefined && (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))) {
      event.preventDefault();
      scroller.current?.querySelector<HTMLElement>(".current .menu")?.click();
    } else {
      props.onKey(event);
    }
  };
  const handlers = useHandlers({
    select: (row, event) => {
      props.onSelect(row.key, event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "add" : "one");
      scroller.current?.focus({ preventScroll: true });
    },
    open: props.onOpen,
    fold: (row) => props.onFold(row.key),
    breakpoint: props.onBreakpoint,
    editBreakpoint: props.onEditBreakpoint,
    menu: (row, button) => setMenu({ row, button }),
    drag: (row) => {
      if (!selected.has(row.key)) props.onSelect(row.key, "one");
    },
    dragOver: (at, event) => {
      event.preventDefault();
      const { top, height } = event.currentTarget.getBoundingClientRect();
      setDropAt(event.clientY > top + height / 2 ? at + 1 : at);
    },
  });
  const closeMenu = () => {
    setMenu(undefined);
    scroller.current?.focus({ preventScroll: true });
  };
  const drop = (event: DragEvent, at: number) => {
    event.preventDefault();
    setDropAt(undefined);
    const action = event.dataTransfer.getData(DRAGGED_ACTION);
    if (action !== "") props.onDropAction(action, at);
    else props.onDropRows(at);
  };

  return (
    <div className={styles.whole}>
      <div
        ref={scroller}
        role="treegrid"
      aria-label={t("desktop.workspace", { name: props.name })}
      aria-rowcount={rows.length}
      aria-colcount={2}
      aria-multiselectable
      aria-activedescendant={currentIndex >= 0 ? `${id}-${current}` : undefined}
      tabIndex={0}
      className={mergeClasses(styles.grid, props.isStale && styles.stale)}
      onKeyDown={keys}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => drop(event, dropAt ?? all.length)}
      onDragLeave={() => setDropAt(undefined)}
    >
      <div className={styles.rows} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const shown = rows[item.index];
          if (shown === undefined) return null;
          return (
            <RowCard
              key={item.key}
              id={`${id}-${shown.row.key}`}
              row={shown.row}
              at={shown.at}
              index={item.index}
              start={item.start}
              size={item.size}
              isFolded={folded.has(shown.row.key)}
              canFold={folds(all, shown.at)}
              isSelected={selected.has(shown.row.key)}
              isCurrent={shown.row.key === current}
              isTarget={dropAt === shown.at}
              problems={problems.get(shown.at) ?? NONE}
              mark={marks.get(shown.row.key)}
              breakpoint={props.breakpoints.get(shown.row.key)}
              isMenuOpen={menu?.row.key === shown.row.key}
              handlers={handlers}
            />
          );
        })}
      </div>
      </div>
      {menu !== undefined && <RowMenu row={menu.row} button={menu.button} commands={props.commands} onClose={closeMenu} />}
      {props.mayAdd && (
        <div className={styles.tail}>
          <Button appearance="subtle" size="small" icon={<Add16Regular />} onClick={props.onAdd}>
            {t("desktop.addAction")}
          </Button>
        </div>
      )}
    </div>
  );
}

const NONE: readonly RowFinding[] = [];

function byRow(findings: readonly RowFinding[], subflow: string): ReadonlyMap<number, readonly RowFinding[]> {
  const found = new Map<number, RowFinding[]>();
  for (const one of findings) {
    if (one.subflow === subflow && one.row >= 0) found.set(one.row, [...(found.get(one.row) ?? []), one]);
  }
  return found;
}

/** What is done with a row by mouse. */
interface RowHandlers {
  readonly select: (row: Row, event: MouseEvent) => void;
  readonly open: (row: Row) => void;
  readonly fold: (row: Row) => void;
  readonly breakpoint: (row: Row) => void;
  readonly editBreakpoint: (row: Row) => void;
  readonly menu: (row: Row, button: HTMLElement) => void;
  readonly drag: (row: Row) => void;
  readonly dragOver: (at: number, event: DragEvent<HTMLElement>) => void;
}

/** Handlers that stay the same while what they do changes, so that rows are not drawn anew for them. */
function useHandlers(latest: RowHandlers): RowHandlers {
  const held = useRef(latest);
  useEffect(() => {
    held.current = latest;
  });
  return useMemo(
    () => ({
      select: (row, event) => held.current.select(row, event),
      open: (row) => held.current.open(row),
      fold: (row) => held.current.fold(row),
      breakpoint: (row) => held.current.breakpoint(row),
      editBreakpoint: (row) => held.current.editBreakpoint(row),
      menu: (row, button) => held.current.menu(row, button),
      drag: (row) => held.current.drag(row),
      dragOver: (at, event) => held.current.dragOver(at, event),
    }),
    [],
  );
}

interface RowCardProps {
  readonly id: string;
  readonly row: Row;
  /** Its place among all rows of the subflow, folded ones included. */
  readonly at: number;
  readonly index: number;
  readonly start: number;
  readonly size: number;
  readonly isFolded: boolean;
  readonly canFold: boolean;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  readonly isTarget: boolean;
  readonly problems: readonly RowFinding[];
  readonly mark: RowMark | undefined;
  readonly breakpoint: Rule | undefined;
  readonly isMenuOpen: boolean;
  readonly handlers: RowHandlers;
}

/** One row. Flows have thousands: a row is drawn anew only when it shows something else. */
const RowCard = memo(function RowCard(props: RowCardProps) {
  const { row, problems, mark, handlers } = props;
  const styles = useStyles();
  const worst = problems.find((one) => one.severity === "error") ?? problems[0];
  const label = [
    t("desktop.rowLabel", { number: String(row.number), title: row.title, summary: sentence(row) }),
    row.disabled && t("desktop.rowDisabled"),
    !row.known && t("desktop.rowUnknown"),
    worst !== undefined && t("desktop.rowError", { message: worst.message }),
    props.breakpoint !== undefined && ruleText(props.breakpoint),
    mark?.text,
  ].filter(Boolean);
  const isHere = mark?.state === "running" || mark?.state === "paused";
  const isDecoration = row.name === "#" || row.name.startsWith("**");
  return (
    <div
      id={props.id}
      role="row"
      aria-level={row.depth + 1}
      aria-rowindex={props.index + 1}
      aria-selected={props.isSelected}
      {...(props.canFold ? { "aria-expanded": !props.isFolded } : {})}
      aria-label={spoken(label.join(", "))}
      className={mergeClasses(
        styles.row,
        props.isCurrent && "current",
        props.isSelected && styles.selected,
        mark?.state === "running" && styles.running,
        mark?.state === "paused" && styles.pausedRow,
        mark?.state === "failed" && styles.failed,
        props.isTarget && styles.before,
      )}
      style={{ transform: `translateY(${props.start}px)`, height: props.size }}
      draggable
      onDragStart={() => handlers.drag(row)}
      onDragOver={(event) => handlers.dragOver(props.at, event)}
      onClick={(event) => handlers.select(row, event)}
      onDoubleClick={() => handlers.open(row)}
      onContextMenu={(event) => {
        event.preventDefault();
        event.currentTarget.querySelector<HTMLElement>(".menu")?.click();
      }}
    >
      <BreakpointSpot rule={props.breakpoint} isPossible={canBreak(row)} onToggle={() => handlers.breakpoint(row)} onEdit={() => handlers.editBreakpoint(row)} />
      <span className={styles.gutter} aria-hidden>
        {isHere && <Play16Filled className={mark.state === "running" ? styles.brand : styles.warning} />}
        {!isHere && worst?.severity === "error" && <ErrorCircle16Filled className={styles.error} />}
        {!isHere && worst?.severity === "warning" && <Warning16Filled className={styles.warning} />}
      </span>
      <span className={styles.number} aria-hidden>
        {row.number}
      </span>
      <span className={styles.toggle} aria-hidden onClick={props.canFold ? () => handlers.fold(row) : undefined}>
        {props.canFold && (props.isFolded ? <ChevronRight16Regular /> : <ChevronDown16Regular />)}
      </span>
      {Array.from({ length: row.depth }, (_, level) => (
        <span key={level} className={styles.indent} aria-hidden />
      ))}
      {!isDecoration && !row.closes && (
        <span className={styles.icon} style={row.depth > 0 ? { marginLeft: 10 } : undefined} aria-hidden>
          <RowIcon name={row.name} />
        </span>
      )}
      <span role="gridcell" className={styles.words} style={row.depth > 0 && (isDecoration || row.closes) ? { marginLeft: 10 } : undefined}>
        <Words row={row} problem={worst} />
      </span>
      <span role="gridcell" className={styles.end}>
        {row.handled && <ShieldTask16Regular aria-label={t("desktop.handledText")} title={t("desktop.handledText")} />}
        {mark !== undefined && <span className={mark.state === "failed" ? styles.error : undefined}>{mark.text}</span>}
        <button
          type="button"
          className={mergeClasses("menu", styles.menu)}
          tabIndex={-1}
          aria-label={t("desktop.rowMenu", { number: String(row.number) })}
          aria-haspopup="menu"
          aria-expanded={props.isMenuOpen}
          onClick={(event) => {
            event.stopPropagation();
            handlers.menu(row, event.currentTarget);
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <MoreHorizontal16Regular />
        </button>
      </span>
    </div>
  );
});

interface BreakpointSpotProps {
  readonly rule: Rule | undefined;
  readonly isPossible: boolean;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
}

/** The place of a row's breakpoint: F9, Shift+F9 and the row's menu do the same as a click and the other mouse button. */
function BreakpointSpot({ rule, isPossible, onToggle, onEdit }: BreakpointSpotProps) {
  const styles = useStyles();
  if (!isPossible) return <span className={mergeClasses(styles.spot, styles.none)} aria-hidden />;
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    onToggle();
  };
  const edit = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
    onEdit();
  };
  return (
    <span className={styles.spot} aria-hidden title={spoken(rule === undefined ? t("debug.toggleBreakpoint") : ruleText(rule))} onClick={toggle} onContextMenu={edit} onDoubleClick={(event) => event.stopPropagation()}>
      <span className={rule === undefined ? "off" : mergeClasses(styles.breakpoint, styles[dotOf(rule)])} />
    </span>
  );
}

function Words({ row, problem }: { readonly row: Row; readonly problem: RowFinding | undefined }) {
  const styles = useStyles();
  if (row.name === "#") return <span className={mergeClasses(styles.line, styles.comment)} dir="auto">{visible(sentence(row) || row.title)}</span>;
  const title = row.name === "**REGION" ? visible(`${row.title}  ${sentence(row)}`) : row.title;
  const hasLine = row.name !== "**REGION" && (row.summary.length > 0 || row.produces.length > 0);
  return (
    <>
      <span className={mergeClasses(styles.line, styles.title, row.disabled && styles.disabled, row.name.startsWith("**") && styles.region)}>{title}</span>
      {problem !== undefined ? (
        <span className={mergeClasses(styles.line, styles.summary, problem.severity === "error" ? styles.error : styles.warning)} title={spoken(problem.message)}>
          {problem.message}
        </span>
      ) : (
        hasLine && (
          <span className={mergeClasses(styles.line, styles.summary, row.disabled && styles.disabled)} title={spoken(sentence(row))}>
            {row.summary.map((piece, at) => (piece.variable ? <UserText key={at} className={styles.chip}>{piece.text}</UserText> : <UserText key={at}>{piece.text}</UserText>))}
            {row.produces.length > 0 && ` ${t("desktop.into")} `}
            {row.produces.map((name, at) => (
              <span key={name}>
                {at > 0 && " "}
                <UserText className={styles.chip}>{name}</UserText>
              </span>
            ))}
          </span>
        )
      )}
    </>
  );
}

interface RowMenuProps {
  readonly row: Row;
  readonly button: HTMLElement;
  readonly commands: (row: Row) => readonly (readonly Command[])[];
  readonly onClose: () => void;
}

/** The menu of a row, beside the row's button: it is longer than what is left of the window below most rows. */
function RowMenu({ row, button, commands, onClose }: RowMenuProps) {
  const styles = useStyles();
  return (
    <Menu open positioning={{ target: button, position: "before", align: "top", overflowBoundaryPadding: 8 }} onOpenChange={(_, data) => !data.open && onClose()}>
      <MenuPopover className={styles.popover}>
        <MenuList>
          {commands(row).map((group, at) => (
            <Fragment key={group[0]?.id}>
              {at > 0 && <MenuDivider />}
              {group.map((one) => (
                <MenuItem key={one.id} secondaryContent={shownKeys(one)} disabled={one.why !== undefined} onClick={one.run}>
                  {one.text}
                </MenuItem>
              ))}
            </Fragment>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
