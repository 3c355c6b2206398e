/** Rows that the server is writing: what is wanted of the whole flow meanwhile waits for them. */
import { useIsMutating } from "@tanstack/react-query";
import { useEffect, useReducer, useRef } from "react";
import type { Command } from "./commands";

/** The key of each mutation that ends with a change of rows. */
export const WRITING = ["rows of the desktop flow"];

const OF_THE_FLOW: ReadonlySet<string> = new Set(["save", "publish", "publishWithNote", "run", "stepOver", "stepInto", "runFrom"]);

export function useIsWriting(): boolean {
  return useIsMutating({ mutationKey: WRITING }) > 0;
}

/** The fields of a row whose changes are not in the text of the flow yet. */
export interface OpenForm {
  /** Write them; false where something about them is wrong, which the form then shows. */
  readonly write: () => Promise<boolean>;
}

/** What waits to be done; `text` is the flow's without the rows that it waits for. */
interface Order {
  readonly id: string;
  readonly text?: string;
}

/** The commands, of which those about the flow as a whole take along what was typed, and wait until it is written. */
export function useAfterWriting(commands: readonly Command[], isWriting: boolean, text: string, form: OpenForm | undefined): readonly Command[] {
  const wanted = useRef<Order>(undefined);
  const [, look] = useReducer((before: number) => before + 1, 0);
  useEffect(() => {
    const order = wanted.current;
    if (isWriting || order === undefined) return;
    wanted.current = undefined;
    // Where nothing was written, something about the row is wrong, and that comes first.
    if (order.text === text) return;
    const command = commands.find((one) => one.id === order.id);
    if (command !== undefined && command.why === undefined) command.run();
  });
  if (!isWriting && form === undefined) return commands;
  const later = (id: string) => async () => {
    if (form === undefined) {
      wanted.current = { id, text };
    } else if (await form.write()) {
      wanted.current = { id };
      look();
    }
  };
  return commands.map((one) => (OF_THE_FLOW.has(one.id) && one.why === undefined ? { ...one, run: () => void later(one.id)() } : one));
}
