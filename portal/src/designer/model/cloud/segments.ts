/** What the text of a field is made of: what is plain, and the expressions in it, which are shown as chips. */
import { shownName } from "./making";
import { partsOf } from "./references";
import type { Token } from "./tokens";

export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Without its `@`. */
  readonly expression: string;
  /** How it is written: as the whole text, as part of one, or as a text of JSON. */
  readonly kind: "whole" | "part" | "json";
}

/** What a chip says. */
export interface ChipText {
  /** The step that gives it; undefined for an expression of functions. */
  readonly source: string | undefined;
  readonly name: string;
  readonly type: string;
}

/** Return the expressions of a text, in its order. */
export function segmentsOf(text: string): readonly Segment[] {
  const found: Segment[] = [];
  let at = 0;
  for (const part of partsOf(text)) {
    const to = at + part.text.length;
    if (!part.expression) found.push(...jsonTexts(text, part.text, at));
    else if (part.text.startsWith("@{")) {
      const expression = part.text.slice(2, -1).trim();
      if (part.text.endsWith("}") && expression !== "") found.push({ from: at, to, expression, kind: "part" });
    } else if (part.text.length > 1) found.push({ from: at, to, expression: part.text.slice(1), kind: "whole" });
    at = to;
  }
  return found;
}

/** Return the texts of JSON that are expressions as a whole. */
function jsonTexts(whole: string, part: string, at: number): readonly Segment[] {
  if (!/^\s*[[{]/.test(whole)) return [];
  return [...part.matchAll(/"@(?![@{])([^"\\\n]+)"/g)].map((match) => {
    const from = at + match.index;
    return { from, to: from + match[0].length, expression: match[1] ?? "", kind: "json" };
  });
}

/** Return an expression as a segment of its kind writes it. */
export function writtenAs(kind: Segment["kind"], expression: string): string {
  switch (kind) {
    case "whole":
      return `@${expression}`;
    case "part":
      return `@{${expression}}`;
    case "json":
      return JSON.stringify(`@${expression}`);
  }
}

/** Return a text in which another expression stands in a segment's place; nothing in the place of none. */
export function withSegment(text: string, segment: Segment, expression: string): string {
  return text.slice(0, segment.from) + (expression === "" ? "" : writtenAs(segment.kind, expression)) + text.slice(segment.to);
}

const GIVEN = /^(body|outputs|actions|items|variables|parameters)\('((?:[^']|'')*)'\)((?:\??\[(?:'(?:[^']|'')*'|\d+)\])*)$/i;
const TRIGGER = /^(triggerBody|triggerOutputs|trigger|item)\(\)((?:\??\[(?:'(?:[^']|'')*'|\d+)\])*)$/i;

/** Return what a chip says of an expression; `tokens` is what the step is offered. */
export function chipOf(expression: string, tokens: readonly Token[], words: ChipWords): ChipText {
  const bare = squeezed(expression);
  const known = tokens.find((one) => squeezed(one.expression) === bare);
  if (known !== undefined) return { source: known.source, name: known.name, type: known.type };
  const given = GIVEN.exec(bare);
  if (given !== null) return ofStep(given, words);
  const trigger = TRIGGER.exec(bare);
  if (trigger === null) return { source: undefined, name: expression.replace(/\s+/g, " ").trim(), type: "" };
  const [, name = "", path = ""] = trigger;
  return { source: name.toLowerCase() === "item" ? words.loop : words.trigger, name: membersOf(path) || words[name.toLowerCase() === "item" ? "item" : "body"], type: "" };
}

/** Return a text as people read it: in the place of its expressions stands what their chips say. */
export function spokenText(text: string, words: ChipWords): string {
  let said = "";
  let at = 0;
  for (const { from, to, expression } of segmentsOf(text)) {
    const { source, name } = chipOf(expression, [], words);
    said += text.slice(at, from) + (source === undefined ? name : `${source} › ${name}`);
    at = to;
  }
  return said + text.slice(at);
}

/** What chips call what has no name of its own. */
export interface ChipWords {
  readonly trigger: string;
  readonly loop: string;
  readonly variables: string;
  readonly parameters: string;
  readonly body: string;
  readonly outputs: string;
  readonly item: string;
}

function ofStep([, by = "", quoted = "", path = ""]: RegExpExecArray, words: ChipWords): ChipText {
  const owner = quoted.replaceAll("''", "'");
  const members = membersOf(path);
  switch (by.toLowerCase()) {
    case "variables":
      return { source: words.variables, name: [owner, members].filter((one) => one !== "").join(" "), type: "" };
    case "parameters":
      return { source: words.parameters, name: [owner, members].filter((one) => one !== "").join(" "), type: "" };
    case "items":
      return { source: shownName(owner), name: members || words.item, type: "" };
    default:
      return { source: shownName(owner), name: members || (by.toLowerCase() === "body" ? words.body : words.outputs), type: "" };
  }
}

/** Return the members that a path leads through, without the body that every answer has. */
function membersOf(path: string): string {
  const names = [...path.matchAll(/\[(?:'((?:[^']|'')*)'|(\d+))\]/g)].map((one) => (one[1] ?? one[2] ?? "").replaceAll("''", "'"));
  return (names.length > 1 && names[0] === "body" ? names.slice(1) : names).join(" › ");
}

/** Return an expression without the spaces that mean nothing. */
function squeezed(expression: string): string {
  return expression
    .split(/('(?:[^']|'')*')/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, "")))
    .join("");
}
