/** Changes of the selectors of a UI element. What the server writes of them is its own affair. */
import type { ElementAttribute, ElementSelector, SelectorPart } from "@/api/portal";

export type Selectors = readonly ElementSelector[];

/** How an attribute may be compared, and the sign for it in a selector's text. */
export const OPERATORS = {
  EqualTo: "=",
  NotEqualTo: "<>",
  Contains: "*=",
  StartsWith: "^=",
  EndsWith: "$=",
  RegularExpression: "~=",
} as const;

export type Operator = keyof typeof OPERATORS;

function changed(selectors: Selectors, at: number, change: (one: ElementSelector) => ElementSelector): Selectors {
  return selectors.map((one, place) => (place === at ? change(one) : one));
}

export function setEnabled(selectors: Selectors, at: number, enabled: boolean): Selectors {
  return changed(selectors, at, (one) => ({ ...one, enabled }));
}

export function setText(selectors: Selectors, at: number, text: string): Selectors {
  return changed(selectors, at, (one) => ({ ...one, text }));
}

/** Let a selector's text count, beginning with what its parts come to, or its parts again. */
export function setCustom(selectors: Selectors, at: number, custom: boolean): Selectors {
  return changed(selectors, at, (one) => ({ ...one, custom, text: selectorText(one.parts) || one.text }));
}

export function setPart(selectors: Selectors, at: number, part: number, change: Partial<SelectorPart>): Selectors {
  return withParts(selectors, at, (parts) => parts.map((one, place) => (place === part ? { ...one, ...change } : one)));
}

export function setAttribute(selectors: Selectors, at: number, part: number, attribute: number, change: Partial<ElementAttribute>): Selectors {
  const write = (one: SelectorPart) => ({ ...one, attributes: one.attributes.map((each, place) => (place === attribute ? { ...each, ...change } : each)) });
  return withParts(selectors, at, (parts) => parts.map((one, place) => (place === part ? write(one) : one)));
}

function withParts(selectors: Selectors, at: number, change: (parts: readonly SelectorPart[]) => SelectorPart[]): Selectors {
  return changed(selectors, at, (one) => {
    const parts = change(one.parts);
    return { ...one, parts, text: one.custom ? one.text : selectorText(parts) };
  });
}

/** Let a selector be tried earlier or later. */
export function move(selectors: Selectors, at: number, to: number): Selectors {
  const one = selectors[at];
  if (one === undefined || to < 0 || to >= selectors.length) return selectors;
  const rest = selectors.filter((_, place) => place !== at);
  return [...rest.slice(0, to), one, ...rest.slice(to)];
}

/** Put a copy of a selector after it. */
export function duplicate(selectors: Selectors, at: number): Selectors {
  const one = selectors[at];
  return one === undefined ? selectors : [...selectors.slice(0, at + 1), one, ...selectors.slice(at + 1)];
}

/** Add a selector that is a text. */
export function add(selectors: Selectors, name: string): Selectors {
  return [...selectors, { name, enabled: true, custom: true, text: "", parts: [], source: null }];
}

export function remove(selectors: Selectors, at: number): Selectors {
  return selectors.length > 1 ? selectors.filter((_, place) => place !== at) : selectors;
}

/** The text that parts come to. */
export function selectorText(parts: readonly SelectorPart[]): string {
  return parts
    .filter((one) => one.enabled)
    .map((one) => one.tag + one.attributes.filter((each) => each.enabled).map(attributeText).join(""))
    .join(" > ");
}

function attributeText({ name, operator, value }: ElementAttribute): string {
  if (name.toLowerCase() === "ordinal") return `:eq(${value})`;
  const sign = OPERATORS[operator as Operator] ?? "=";
  return `[${name}${sign}"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
}
