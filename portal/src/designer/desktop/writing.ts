/** Rows that the server is writing: what is wanted of the whole flow meanwhile waits for them. */
import { useIsMutating } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Command } from "./commands";

/** The key of each mutation that ends with a change of rows. */
export const WRITING = ["rows of the desktop flow"];

const OF_THE_FLOW: ReadonlySet<string> = new Set(["save", "publish", "publishWithNote", "run", "stepOver", "stepInto", "runFrom"]);

export function useIsWriting(): boolean {
  return useIsMutating({ mutationKey: WRITING }) > 0;
}

/** The commands, of which those about the flow as a whole wait until its rows are written. */
export function useAfterWriting(commands: readonly Command[], isWriting: boolean, text: string): readonly Command[] {
  const wanted = useRef<{ readonly id: string; readonly text: string }>(undefined);
  useEffect(() => {
    const order = wanted.current;
    if (isWriting || order === undefined) return;
    wanted.current = undefined;
    // Where nothing was written, something about the row is wrong, and that comes first.
    if (order.text === text) return;
    const command = commands.find((one) => one.id === order.id);
    if (command !== undefined && command.why === undefined) command.run();
  });
  if (!isWriting) return commands;
  const later = (id: string) => () => {
    wanted.current = { id, text };
  };
  return commands.map((one) => (OF_THE_FLOW.has(one.id) && one.why === undefined ? { ...one, run: later(one.id) } : one));
}
