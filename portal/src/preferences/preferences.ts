/** What a person chose for this browser. Kept in its storage; nothing here is secret. */
import { useSyncExternalStore } from "react";
import type { Zone } from "@/format/time";

export interface Preferences {
  readonly theme: "system" | "light" | "dark" | "contrast";
  readonly density: "comfortable" | "compact";
  readonly zone: Zone;
  /** Whether single letters are shortcuts. */
  readonly letterKeys: boolean;
  readonly railCollapsed: boolean;
  /** Tiles of Home that have served their purpose. */
  readonly usedTiles: readonly string[];
}

const KEY = "deskhand.preferences";
const DEFAULTS: Preferences = {
  theme: "system",
  density: "comfortable",
  zone: "local",
  letterKeys: true,
  railCollapsed: false,
  usedTiles: [],
};

let current = read();
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  current = read();
  listeners.forEach((listener) => listener());
});

/** Return the preferences as they stand. */
export function preferences(): Preferences {
  return current;
}

/** Change some preferences. */
export function prefer(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing forgets them with the page.
  }
  listeners.forEach((listener) => listener());
}

/** The preferences; the component is drawn again when they change. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
