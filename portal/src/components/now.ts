/** The present, for what counts up: drawn anew when what it shows has changed, and not before. */
import { useSyncExternalStore } from "react";

const TICK = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((one) => one()), TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What a function makes of the present instant; it must give a text or a number, and is asked every second. */
export function useTicking<Shown extends string | number>(of: (now: number) => Shown): Shown {
  return useSyncExternalStore(subscribe, () => of(Date.now()));
}
