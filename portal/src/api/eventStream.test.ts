import { describe, expect, it } from "vitest";
import { EventReader } from "./eventStream";

describe("an event stream", () => {
  it("gives events when they are whole", () => {
    const reader = new EventReader();
    expect(reader.take("id: 7\nevent: chan")).toEqual([]);
    expect(reader.take('ged\ndata: {"runs":null}\n\nevent: beat\ndata: {}\n\nev')).toEqual([
      { name: "changed", data: '{"runs":null}', id: "7" },
      { name: "beat", data: "{}", id: undefined },
    ]);
  });

  it("passes over comments", () => {
    expect(new EventReader().take(": nothing\n\n")).toEqual([]);
  });
});
