/** What the parts of the designer share: each asks for it, and none hands it on. */
import { createContext, useContext } from "react";
import type { PaletteGroup } from "@/api/portal";
import type { Document, Row, Subflow } from "@/designer/model/desktop/document";
import type { Names } from "./ActionPanel";
import type { Command } from "./commands";
import type { Debugging } from "./useDebugging";
import type { Editor } from "./useEditor";
import type { Look } from "./useLook";
import type { RowActions } from "./useRowActions";
import type { Saving } from "./useSaving";
import type { OpenForm } from "./writing";

export interface Designer extends Editor {
  readonly flowId: string;
  readonly groups: readonly PaletteGroup[];
  readonly document: Document;
  /** The subflow that is open. */
  readonly subflow: Subflow;
  readonly names: Names;
  readonly errors: number;
  readonly isReadOnly: boolean;
  /** Whether the text cannot be read, so that the cards are those of before. */
  readonly isStale: boolean;
  /** Why rows cannot be changed now. */
  readonly whyNot: string | undefined;
  readonly look: Look;
  readonly saving: Saving;
  readonly rows: RowActions;
  readonly debugging: Debugging;
  /** What can be done by key and button, anywhere in the designer. */
  readonly commands: readonly Command[];
  /** What can be done with a row, or with all that are selected if it is one of them, in groups. */
  readonly commandsOf: (row: Row) => readonly (readonly Command[])[];
  readonly leave: Leaving;
  /** Say which fields of a row are changed and not written yet; nothing where none are. */
  readonly setForm: (form: OpenForm | undefined) => void;
}

/** Ways out of the designer. */
export interface Leaving {
  readonly close: () => void;
  readonly openFlow: (flowId: string) => void;
  readonly reload: () => void;
}

export const DesignerContext = createContext<Designer | undefined>(undefined);

export function useDesigner(): Designer {
  const designer = useContext(DesignerContext);
  if (designer === undefined) throw new Error("outside of a designer");
  return designer;
}
