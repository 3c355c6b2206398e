/** What the fields of a step can be filled with. */
import { useMemo } from "react";
import { useDesigner } from "@/designer/cloud/context";
import { titleOf } from "@/designer/cloud/subtitle";
import { triggerOf } from "@/designer/model/cloud/structure";
import { tokensFor, type Token } from "@/designer/model/cloud/tokens";

export function useTokens(step: string): readonly Token[] {
  const { document, definition, palette, desktopFlows } = useDesigner();
  return useMemo(() => {
    const outputs = new Map([...desktopFlows].map(([id, one]) => [id, one.outputs]));
    const trigger = triggerOf(definition)?.trigger;
    return tokensFor(document, step, palette, outputs, trigger === undefined ? undefined : titleOf(trigger, { document, palette }, true));
  }, [document, definition, step, palette, desktopFlows]);
}
