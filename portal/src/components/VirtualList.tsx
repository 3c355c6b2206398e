import { makeStyles } from "@fluentui/react-components";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { spoken } from "@/strings/visible";

const SPARE = 10;

const useStyles = makeStyles({
  list: { position: "relative", margin: 0, padding: 0, listStyleType: "none" },
  item: { position: "absolute", insetInline: 0, top: 0, contain: "strict" },
});

interface VirtualListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  /** How high an item is drawn. */
  readonly heightOf: (item: Item) => number;
  /** What is scrolled; other things may stand in it, too. */
  readonly scroller: RefObject<HTMLElement | null>;
  readonly children: (item: Item) => ReactNode;
}

/** A list that may be long: only the items in sight are drawn, and the one with the focus. */
export function VirtualList<Item>({ label, items, keyOf, heightOf, scroller, children }: VirtualListProps<Item>) {
  const styles = useStyles();
  const list = useRef<HTMLUListElement>(null);
  const [above, setAbove] = useState(0);
  const [focused, setFocused] = useState<number>();
  // The virtualizer keeps its own state; nothing below it is remembered between renders.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => {
      const item = items[at];
      return item === undefined ? 0 : heightOf(item);
    },
    getItemKey: (at) => {
      const item = items[at];
      return item === undefined ? at : keyOf(item);
    },
    scrollMargin: above,
    overscan: SPARE,
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      return focused === undefined || focused >= items.length || seen.includes(focused) ? seen : [...seen, focused].sort((one, other) => one - other);
    },
  });
  // What stands above the list may change whenever that is drawn which the list is a part of; then it has new children.
  useLayoutEffect(() => {
    if (list.current === null || scroller.current === null) return;
    const place = list.current.getBoundingClientRect().top - scroller.current.getBoundingClientRect().top + scroller.current.scrollTop;
    setAbove(Math.round(place));
  }, [children, scroller]);
  useLayoutEffect(() => virtual.measure(), [virtual, items, heightOf]);
  return (
    <ul ref={list} className={styles.list} aria-label={spoken(label)} style={{ height: virtual.getTotalSize() }} onBlur={() => setFocused(undefined)}>
      {virtual.getVirtualItems().map(({ key, index, start, size }) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <li
            key={key}
            className={styles.item}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - above}px)`, height: size }}
            onFocus={() => setFocused(index)}
          >
            {children(item)}
          </li>
        );
      })}
    </ul>
  );
}
