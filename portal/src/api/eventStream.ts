/** Reads server-sent events from text that arrives in pieces. */

export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
}

export class EventReader {
  private rest = "";

  /** Take the next piece of text; return the events that it completes. */
  take(text: string): StreamEvent[] {
    const blocks = (this.rest + text).split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(readEvent).filter((event) => event !== undefined);
  }
}

function readEvent(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, "");
    fields.set(name, name === "data" && fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const name = fields.get("event");
  return name === undefined ? undefined : { name, data: fields.get("data") ?? "", id: fields.get("id") };
}
