/** What every part of the designer works on. */
import { createContext, useContext } from "react";
import type { DesktopFlowDetails, Palette } from "@/api/portal";
import type { FlowDocument } from "@/designer/model/cloud/document";
import type { Place } from "@/designer/model/cloud/edits";
import type { JsonObject } from "@/designer/model/cloud/json";
import type { CloudRun } from "./runs";

export interface Designer {
  readonly flowId: string;
  readonly name: string;
  readonly document: FlowDocument;
  readonly definition: JsonObject;
  readonly palette: Palette;
  /** `trigger`, or `step:` and the step's name. */
  readonly selected: string | undefined;
  readonly readOnly: boolean;
  readonly folded: ReadonlySet<string>;
  readonly run: CloudRun | undefined;
  /** The desktop flows that steps run, as far as they are known. */
  readonly desktopFlows: ReadonlyMap<string, DesktopFlowDetails>;
  readonly edit: (change: (definition: JsonObject) => JsonObject, subject?: string) => void;
  readonly editDocument: (change: (document: FlowDocument) => FlowDocument, subject?: string) => void;
  readonly select: (id: string | undefined) => void;
  /** Open *Choose an action* for a place. */
  readonly choose: (place: Place) => void;
  readonly fold: (name: string) => void;
  /** Open *Find in flow*. */
  readonly find: () => void;
}

const DesignerContext = createContext<Designer | undefined>(undefined);
export const DesignerProvider = DesignerContext.Provider;

export function useDesigner(): Designer {
  const designer = useContext(DesignerContext);
  if (designer === undefined) throw new Error("outside of a designer");
  return designer;
}
