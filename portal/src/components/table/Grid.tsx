import { Button, Checkbox, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowDown16Regular, ArrowUp16Regular, MoreVertical20Regular } from "@fluentui/react-icons";
import { Link } from "@tanstack/react-router";
import { toPage } from "@/components/addresses";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { fitting, nextSort, type Column, type RowAction } from "./model";

const HEIGHTS = { comfortable: 44, compact: 32 };
const SELECT_WIDTH = 40;
const MENU_WIDTH = 40;
const EDGE = 24;
const MARGIN = 20;

const useStyles = makeStyles({
  scroller: { flex: "1 1 0", minHeight: 0, overflow: "auto", position: "relative", outlineStyle: "none" },
  fitted: { flex: "0 1 auto" },
  row: {
    display: "grid",
    alignItems: "center",
    boxSizing: "border-box",
    padding: "0 12px",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    outlineStyle: "none",
  },
  head: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    height: "36px",
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  body: { position: "relative" },
  line: {
    position: "absolute",
    left: 0,
    right: 0,
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  selected: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  cell: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", paddingRight: "12px", minWidth: 0 },
  numeric: { textAlign: "end", fontVariantNumeric: "tabular-nums", paddingRight: "24px" },
  header: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  sortable: {
    minWidth: 0,
    maxWidth: "100%",
    padding: "0 4px",
    marginLeft: "-4px",
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    justifyContent: "flex-start",
    color: "inherit",
  },
  told: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clip: "rect(0 0 0 0)", whiteSpace: "nowrap" },
  link: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    textDecorationLine: "none",
    ":hover": { textDecorationLine: "underline" },
  },
});

export interface GridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly onNeedMore: () => void;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly rowId: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  readonly rowPage?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly rowActions?: (row: Row) => readonly RowAction[];
  readonly selectedIds?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  /** Whether it takes no more room than its rows need. */
  readonly fitted?: boolean;
}

/** The rows of a table. One row at a time can have the focus; arrows move it. */
export function Grid<Row>(props: GridProps<Row>) {
  const { columns, rows, hasMore, onNeedMore, rowId, onOpen, rowActions, selectedIds, onSelect } = props;
  const styles = useStyles();
  const { density } = usePreferences();
  const height = HEIGHTS[density];
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRoom(scroller);
  const [active, setActive] = useState(0);
  const [menuOf, setMenuOf] = useState<string>();
  const focusNext = useRef(false);

  const spare = room - EDGE - (onSelect ? SELECT_WIDTH : 0) - (rowActions ? MENU_WIDTH : 0);
  const shown = fitting(columns, spare);
  const template = [
    ...(onSelect ? [`${SELECT_WIDTH}px`] : []),
    ...shown.map((column) => `minmax(${column.width}px, ${column.grow ?? 1}fr)`),
    ...(rowActions ? [`${MENU_WIDTH}px`] : []),
  ].join(" ");
  const current = Math.min(active, rows.length - 1);

  // What the virtualizer returns changes with each scroll, which the compiler of memos must not hide.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), current])].sort((one, other) => one - other),
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  useEffect(() => {
    if (hasMore && lastShown > rows.length - MARGIN) onNeedMore();
  }, [hasMore, lastShown, rows.length, onNeedMore]);
  useEffect(() => {
    if (!focusNext.current) return;
    focusNext.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${current}"]`)?.focus({ preventScroll: true });
  });

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
    focusNext.current = true;
  };
  const toggle = (row: Row) => {
    if (selectedIds === undefined || onSelect === undefined) return;
    const next = new Set(selectedIds);
    if (!next.delete(rowId(row))) next.add(rowId(row));
    onSelect(next);
  };
  const press = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return;
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + perPage,
      PageUp: current - perPage,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter") onOpen?.(row);
    else if (event.key === " ") toggle(row);
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) setMenuOf(rowId(row));
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={spoken(props.label)}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-multiselectable={onSelect !== undefined}
      className={mergeClasses(styles.scroller, props.fitted === true && styles.fitted)}
    >
      <div role="rowgroup" className={styles.head}>
        <div role="row" aria-rowindex={1} className={styles.row} style={{ gridTemplateColumns: template, height: "100%" }}>
          {onSelect !== undefined && <SelectAll rows={rows} rowId={rowId} selectedIds={selectedIds ?? new Set()} onSelect={onSelect} />}
          {shown.map((column) => (
            <Header key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
          ))}
          {rowActions !== undefined && (
            <div role="columnheader">
              <span className={styles.told}>{t("table.actions")}</span>
            </div>
          )}
        </div>
      </div>
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const id = rowId(row);
          const isSelected = selectedIds?.has(id) === true;
          return (
            <div
              key={id}
              role="row"
              data-index={index}
              aria-rowindex={index + 2}
              aria-label={spoken(props.rowName(row))}
              {...(onSelect === undefined ? {} : { "aria-selected": isSelected })}
              tabIndex={index === current ? 0 : -1}
              className={mergeClasses(styles.row, styles.line, isSelected && styles.selected)}
              style={{ gridTemplateColumns: template, height, transform: `translateY(${start}px)` }}
              onKeyDown={(event) => press(event, row)}
              onFocus={() => setActive(index)}
              onDoubleClick={() => onOpen?.(row)}
              onContextMenu={(event) => {
                if (rowActions === undefined) return;
                event.preventDefault();
                setMenuOf(id);
              }}
            >
              {onSelect !== undefined && (
                <div role="gridcell">
                  <Checkbox
                    tabIndex={-1}
                    checked={isSelected}
                    aria-label={t("table.select", { name: props.rowName(row) })}
                    onChange={() => toggle(row)}
                  />
                </div>
              )}
              {shown.map((column) => (
                <Cell
                  key={column.id}
                  column={column}
                  row={row}
                  {...(column.isLink === true && props.rowPage !== undefined ? { page: props.rowPage(row) } : {})}
                />
              ))}
              {rowActions !== undefined && (
                <div role="gridcell">
                  <RowMenu
                    name={props.rowName(row)}
                    actions={() => rowActions(row)}
                    open={menuOf === id}
                    onOpen={(open) => setMenuOf(open ? id : undefined)}
                  />
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** How wide an element is, now and after every change. */
function useRoom(element: React.RefObject<HTMLDivElement | null>): number {
  const [room, setRoom] = useState(Number.MAX_SAFE_INTEGER);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const observer = new ResizeObserver(() => setRoom(watched.clientWidth));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return room;
}

interface SelectAllProps<Row> {
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly selectedIds: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

function SelectAll<Row>({ rows, rowId, selectedIds, onSelect }: SelectAllProps<Row>) {
  const count = rows.filter((row) => selectedIds.has(rowId(row))).length;
  const checked = count === 0 ? false : count === rows.length ? true : "mixed";
  return (
    <div role="columnheader">
      <Checkbox
        checked={checked}
        aria-label={t("table.selectAll")}
        onChange={() => onSelect(new Set(checked === true ? [] : rows.map(rowId)))}
      />
    </div>
  );
}

interface HeaderProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

function Header<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  const styles = useStyles();
  const classes = mergeClasses(styles.cell, styles.header, column.numeric === true && styles.numeric);
  if (column.sort === undefined) {
    return (
      <div role="columnheader" className={classes}>
        {column.header}
      </div>
    );
  }
  const by = column.sort;
  const order = sort === by ? "ascending" : sort === `-${by}` ? "descending" : "none";
  return (
    <div role="columnheader" aria-sort={order} className={classes}>
      <Button
        appearance="transparent"
        size="small"
        className={styles.sortable}
        iconPosition="after"
        {...(order === "ascending" ? { icon: <ArrowUp16Regular /> } : order === "descending" ? { icon: <ArrowDown16Regular /> } : {})}
        onClick={() => onSort(nextSort(sort, by))}
      >
        {column.header}
      </Button>
    </div>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly page?: string;
}

function Cell<Row>({ column, row, page }: CellProps<Row>) {
  const styles = useStyles();
  const text = column.text(row);
  return (
    <div
      role="gridcell"
      className={mergeClasses(styles.cell, column.numeric === true && styles.numeric)}
      {...(typeof text === "string" && text.length > 12 ? { title: spoken(text) } : {})}
    >
      {page === undefined ? (
        column.render(row)
      ) : (
        <Link {...toPage(page)} tabIndex={-1} className={styles.link}>
          {column.render(row)}
        </Link>
      )}
    </div>
  );
}

interface RowMenuProps {
  readonly name: string;
  readonly actions: () => readonly RowAction[];
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

function RowMenu({ name, actions, open, onOpen }: RowMenuProps) {
  return (
    <Menu open={open} onOpenChange={(_, data) => onOpen(data.open)}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          size="small"
          tabIndex={-1}
          icon={<MoreVertical20Regular />}
          aria-label={t("table.menu", { name })}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>{open && actions().map((action) => <ActionItem key={action.id} action={action} />)}</MenuList>
      </MenuPopover>
    </Menu>
  );
}

function ActionItem({ action }: { readonly action: RowAction }) {
  return (
    <MenuItem
      {...(action.icon === undefined ? {} : { icon: <>{action.icon}</> })}
      {...(action.disabled === undefined ? {} : { disabled: true, secondaryContent: action.disabled })}
      onClick={action.run}
    >
      {action.label}
    </MenuItem>
  );
}
