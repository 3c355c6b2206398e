/** Commands that pages and designers offer in the command palette for as long as they are open. */
import { useEffect, useSyncExternalStore } from "react";

export interface Command {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  /** What stands at its right: a key, a kind. */
  readonly note?: string;
  readonly run: () => void;
}

let offered: readonly (readonly Command[])[] = [];
let all: readonly Command[] = [];
const listeners = new Set<() => void>();

function change(next: readonly (readonly Command[])[]): void {
  offered = next;
  all = offered.flat();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offer commands while the component is on the page. The list must be the same one as long as nothing changed. */
export function useOfferedCommands(commands: readonly Command[]): void {
  useEffect(() => {
    change([...offered, commands]);
    return () => change(offered.filter((one) => one !== commands));
  }, [commands]);
}

export function useCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => all);
}
