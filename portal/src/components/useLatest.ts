import { useLayoutEffect, useRef, type RefObject } from "react";

/**
 * A value for listeners that outlive a rendering.
 *
 * It changes together with the page: a key that is pressed at what has just appeared never meets what was there before.
 */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
