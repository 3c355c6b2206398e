/** Commands: what can be done by key, by button and by menu is declared once. */

export interface Command {
  readonly id: string;
  readonly text: string;
  /** The keys that do it, as `keyOf` spells them; the first is shown. */
  readonly keys: readonly string[];
  /** Why it cannot be used now; empty where there is nothing to say. */
  readonly why?: string | undefined;
  readonly run: () => void;
}

interface Pressed {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly key: string;
}

/** What a key means: `Ctrl+D`, `Alt+ArrowUp`. */
export function keyOf(event: Pressed): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", key]
    .filter(Boolean)
    .join("+");
}

const SHOWN = [
  ["ArrowUp", "↑"],
  ["ArrowDown", "↓"],
  ["ArrowLeft", "←"],
  ["ArrowRight", "→"],
  ["Delete", "Del"],
] as const;

/** Keys as people read them. */
export function shownKeys({ keys }: Command): string {
  return SHOWN.reduce((shown, [key, sign]) => shown.replace(key, sign), keys[0] ?? "");
}

/** Keys as `aria-keyshortcuts` has them. */
export function spokenKeys({ keys }: Command): string {
  return keys.map((one) => one.replace("Ctrl", "Control")).join(" ");
}

/** Do what a key asks for, and keep it from the browser; false where it means nothing here. */
export function obey(commands: readonly Command[], event: Pressed & { preventDefault: () => void }): boolean {
  const pressed = keyOf(event);
  const found = commands.find((one) => one.keys.includes(pressed));
  if (found === undefined) return false;
  event.preventDefault();
  if (found.why === undefined) found.run();
  return true;
}
