import { mergeClasses } from "@fluentui/react-components";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { ActionRow } from "@/api/portal";
import { t } from "@/strings/text";
import type { Log, Usual } from "./ActionCells";
import { LogRow, type Unfolding } from "./LogRow";
import { useRowStyles } from "./rowStyles";

const ROW = 32;

interface RowsProps {
  readonly log: Log;
  readonly rows: readonly ActionRow[];
  readonly onEnd: () => void;
}

/** The rows of a log in their order; loops open where somebody looks into them. */
export function ActionRows({ log, rows, onEnd }: RowsProps) {
  const styles = useRowStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<Unfolding["opened"]>(new Map());
  // The virtualizer keeps its own state; nothing below it is remembered between renders.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.index ?? index,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const atEnd = last >= rows.length - 1;
  useEffect(() => {
    if (atEnd && rows.length > 20) onEnd();
  }, [atEnd, rows.length, onEnd]);
  const unfolding: Unfolding = { opened, toggle: (key, isOpen) => setOpened((before) => new Map(before).set(key, isOpen)) };
  return (
    <div ref={scroller} className={styles.scroller} role="table" aria-label={t("actions.title")} aria-rowcount={-1} tabIndex={0}>
      <div role="rowgroup" className={styles.top}>
        <Head usual={log.usual} />
      </div>
      <div role="rowgroup" style={{ position: "relative", height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div key={key} ref={virtual.measureElement} data-index={index} role="presentation" className={styles.line} style={{ transform: `translateY(${start}px)` }}>
              <LogRow log={log} row={row} unfolding={unfolding} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({ usual }: { readonly usual: Usual }) {
  const styles = useRowStyles();
  return (
    <div role="row" className={mergeClasses(styles.row, styles.head)}>
      <span role="columnheader" className="wide">
        {t("actions.time")}
      </span>
      <span role="columnheader" className={styles.right}>
        {t("actions.duration")}
      </span>
      <span role="columnheader" className={mergeClasses(styles.right, "wide")} title={usual.runs === 0 ? t("actions.usualUnknown") : t("actions.usualOf", { runs: usual.runs })}>
        {t("actions.usual")}
      </span>
      <span role="columnheader" className="wide">
        {t("actions.subflow")}
      </span>
      <span role="columnheader" className={styles.right}>
        {t("actions.line")}
      </span>
      <span role="columnheader">{t("actions.action")}</span>
      <span role="columnheader">{t("runs.status")}</span>
    </div>
  );
}
