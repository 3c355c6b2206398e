/** Writes messages of the catalogue: `{name}` and `{count, plural, =0 {…} one {# flow} other {# flows}}`. */
import { visible } from "./visible";

export type Values = Readonly<Record<string, string | number>>;

type Part = string | { readonly name: string; readonly options?: ReadonlyMap<string, readonly Part[]> };

const parsed = new Map<string, readonly Part[]>();
const numbers = new Intl.NumberFormat("en");
const plurals = new Intl.PluralRules("en");

/** Return a message with its values filled in. */
export function format(message: string, values: Values = {}): string {
  let parts = parsed.get(message);
  if (parts === undefined) {
    parts = new Reader(message).parts();
    parsed.set(message, parts);
  }
  return write(parts, values);
}

/** Letters from right to left, and the mark that stands for one. */
const DIRECTED = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A text that keeps its direction to itself, wherever it stands in a sentence; nothing hides in it. */
export function isolated(text: string): string {
  return DIRECTED.test(text) ? `\u2068${visible(text)}\u2069` : visible(text);
}

function write(parts: readonly Part[], values: Values, count?: number): string {
  return parts.map((part) => writePart(part, values, count)).join("");
}

function writePart(part: Part, values: Values, count?: number): string {
  if (typeof part === "string") return count === undefined ? part : part.replaceAll("#", numbers.format(count));
  const value = values[part.name];
  if (value === undefined) throw new Error(`the message has no value for {${part.name}}`);
  if (part.options === undefined) return typeof value === "number" ? numbers.format(value) : isolated(value);
  const chosen = part.options.get(`=${value}`) ?? part.options.get(plurals.select(Number(value))) ?? part.options.get("other");
  return write(chosen ?? [], values, Number(value));
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Read until the end, or until the brace that closes an option. */
  parts(): readonly Part[] {
    const found: Part[] = [];
    let plain = "";
    while (this.at < this.text.length && this.text[this.at] !== "}") {
      if (this.text[this.at] === "{") {
        if (plain !== "") found.push(plain);
        plain = "";
        found.push(this.argument());
      } else {
        plain += this.text[this.at++];
      }
    }
    if (plain !== "") found.push(plain);
    return found;
  }

  private argument(): Part {
    this.at++;
    const name = this.until(/[,}]/).trim();
    if (this.text[this.at++] === "}") return { name };
    this.until(/,/);
    this.at++;
    const options = new Map<string, readonly Part[]>();
    for (let key = this.until(/[{}]/).trim(); this.text[this.at] === "{"; key = this.until(/[{}]/).trim()) {
      this.at++;
      options.set(key, this.parts());
      this.at++;
    }
    this.at++;
    return { name, options };
  }

  private until(end: RegExp): string {
    const from = this.at;
    while (this.at < this.text.length && !end.test(this.text[this.at] ?? "")) this.at++;
    return this.text.slice(from, this.at);
  }
}
