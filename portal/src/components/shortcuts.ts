/** Keys that what is open has for itself; the list of shortcuts shows them for as long as it is. */
import { useEffect, useSyncExternalStore } from "react";

export interface ShortcutGroup {
  readonly title: string;
  /** Keys as people read them, and what they do. */
  readonly shortcuts: readonly (readonly [string, string])[];
}

let shown: readonly ShortcutGroup[] = [];
const listeners = new Set<() => void>();

function change(next: readonly ShortcutGroup[]): void {
  shown = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Show groups in the list of shortcuts. They must be the same ones as long as nothing changed. */
export function useShownShortcuts(groups: readonly ShortcutGroup[]): void {
  useEffect(() => {
    change([...shown, ...groups]);
    return () => change(shown.filter((one) => !groups.includes(one)));
  }, [groups]);
}

export function useShortcutGroups(): readonly ShortcutGroup[] {
  return useSyncExternalStore(subscribe, () => shown);
}
