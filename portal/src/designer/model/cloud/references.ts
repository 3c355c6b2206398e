/** Names of actions in expressions, and how they follow when an action is renamed. */
import { isObject, type Json } from "./json";

const NAMING =
  /(?<![\w.])(actions|body|outputs|result|items|iterationIndexes|actionOutputs|actionBody|formDataValue|formDataMultiValues|multipartBody)(\s*\(\s*)'((?:[^']|'')*)'/gi;

/** Return a value in which every expression that names an action names it by its new name. */
export function withRenamedReferences(value: Json, from: string, to: string): Json {
  if (typeof value === "string") return renamedInText(value, from, to);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => withRenamedReferences(one, from, to));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [renamedInText(key, from, to), withRenamedReferences(one, from, to)]),
  );
}

/** Return the names of the actions that the expressions of a value name. */
export function namedIn(value: Json): ReadonlySet<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: Json, found: Set<string>): void {
  if (typeof value === "string") {
    for (const { text, expression } of partsOf(value)) {
      if (!expression) continue;
      for (const match of text.matchAll(NAMING)) found.add((match[3] ?? "").replaceAll("''", "'"));
    }
  } else if (Array.isArray(value)) (value as readonly Json[]).forEach((one) => collect(one, found));
  else if (isObject(value)) Object.values(value).forEach((one) => collect(one, found));
}

function renamedInText(text: string, from: string, to: string): string {
  if (!text.includes("@")) return text;
  const old = from.toLowerCase();
  const replaced = (expression: string) =>
    expression.replace(NAMING, (whole, name: string, open: string, quoted: string) =>
      quoted.replaceAll("''", "'").toLowerCase() === old ? `${name}${open}'${to.replaceAll("'", "''")}'` : whole,
    );
  return partsOf(text)
    .map((part) => (part.expression ? replaced(part.text) : part.text))
    .join("");
}

interface TextPart {
  readonly text: string;
  readonly expression: boolean;
}

/** Return the parts of a text: what is plain, and the expressions in it. */
export function partsOf(text: string): readonly TextPart[] {
  if (text.startsWith("@") && !text.startsWith("@@") && !text.startsWith("@{")) return [{ text, expression: true }];
  const parts: TextPart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = nextOpening(text, at);
    if (open > at) parts.push({ text: text.slice(at, open), expression: false });
    if (open === text.length) break;
    const end = endOfExpression(text, open + 2);
    parts.push({ text: text.slice(open, end), expression: true });
    at = end;
  }
  return parts;
}

/** Return where the next `@{` stands that is not written as `@@{`. */
function nextOpening(text: string, from: number): number {
  for (let at = text.indexOf("@{", from); at !== -1; at = text.indexOf("@{", at + 2)) {
    if (at === 0 || text[at - 1] !== "@") return at;
  }
  return text.length;
}

function endOfExpression(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (text[at] === "}" && !quoted) return at + 1;
  }
  return text.length;
}
