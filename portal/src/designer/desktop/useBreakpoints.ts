/** The breakpoints of a flow, kept in this browser. */
import { useEffect, useMemo, useState } from "react";
import { placesOf, rulesAt, toggled, withRule, type PlacedBreakpoint, type Rule, type Rules } from "@/designer/model/desktop/breakpoints";
import type { Document } from "@/designer/model/desktop/document";
import { remember, remembered } from "@/preferences/remembered";

export interface Breakpoints {
  /** The rows that have one, by their keys, and what each does. */
  readonly rules: Rules;
  readonly places: readonly PlacedBreakpoint[];
  readonly toggle: (key: number) => void;
  /** Give a row another breakpoint, or none. */
  readonly set: (key: number, rule: Rule | undefined) => void;
  readonly clear: () => void;
}

export function useBreakpoints(flowId: string, document: Document): Breakpoints {
  const name = `breakpoints.${flowId}`;
  const [rules, setRules] = useState(() => rulesAt(document, remembered<readonly PlacedBreakpoint[]>(name, [])));
  const places = useMemo(() => placesOf(document, rules), [document, rules]);
  useEffect(() => remember(name, places), [name, places]);
  return {
    rules,
    places,
    toggle: (key) => setRules((before) => toggled(before, key)),
    set: (key, rule) => setRules((before) => withRule(before, key, rule)),
    clear: () => setRules(new Map()),
  };
}
