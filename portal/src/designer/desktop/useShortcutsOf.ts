/** Shows the designer's keys in the list of shortcuts, and what it can do in the command palette. */
import { useEffect, useMemo, useRef } from "react";
import { useOfferedCommands } from "@/components/commands";
import { useShownShortcuts, type ShortcutGroup } from "@/components/shortcuts";
import { t } from "@/strings/text";
import { shownKeys, type Command } from "./commands";
import type { Designer } from "./designer";
import { rowKeys, workspaceCommands } from "./rowCommands";

type Keyed = readonly (readonly [string, string])[];

/** Both follow from the commands themselves. */
export function useShortcutsOf(designer: Designer): void {
  const everywhere = designer.commands;
  const known = new Set(everywhere.map((one) => one.id));
  const inRows = workspaceCommands(designer).filter((one) => !known.has(one.id));
  const latest = useRef<readonly Command[]>([]);
  useEffect(() => {
    latest.current = [...everywhere, ...inRows];
  });
  // Commands are made anew with every change of the flow; what is shown of them changes seldom.
  const shown = JSON.stringify([everywhere, inRows].map((group) => group.filter((one) => one.keys.length > 0).map((one) => [allKeys(one), one.text])));
  const offered = JSON.stringify([...everywhere, ...inRows].filter((one) => one.why === undefined).map((one) => [one.id, one.text, shownKeys(one)]));
  useShownShortcuts(
    useMemo((): readonly ShortcutGroup[] => {
      const [commands, rows] = JSON.parse(shown) as [Keyed, Keyed];
      return [
        { title: t("rows.inDesigner"), shortcuts: commands },
        { title: t("rows.inRows"), shortcuts: [...rowKeys(), ...rows] },
      ];
    }, [shown]),
  );
  useOfferedCommands(
    useMemo(
      () =>
        (JSON.parse(offered) as [string, string, string][]).map(([id, name, note]) => ({
          id: `designer.${id}`,
          group: t("rows.inDesigner"),
          name,
          note,
          run: () => latest.current.find((one) => one.id === id)?.run(),
        })),
      [offered],
    ),
  );
}

/** What some browsers call Ctrl+Pause. */
const SAME = "Ctrl+Cancel";

/** Every key of a command: browsers keep some of them for themselves. */
function allKeys({ id, text, keys, run }: Command): string {
  return keys
    .filter((key) => key !== SAME)
    .map((key) => shownKeys({ id, text, keys: [key], run }))
    .join(", ");
}
