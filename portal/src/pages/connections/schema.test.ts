import { describe, expect, it } from "vitest";
import { faultsOf, fieldsOf, valuesOf } from "./schema";

const fields = fieldsOf({
  type: "object",
  required: ["host"],
  properties: {
    host: { type: "string", title: "Server" },
    port: { type: "integer" },
    security: { type: "string", enum: ["tls", "none"] },
    password: { type: "string", format: "password" },
  },
});

describe("what a connection holds", () => {
  it("is asked for by its schema", () => {
    expect(fields.map(({ name, title, kind, required }) => [name, title, kind, required])).toEqual([
      ["host", "Server", "text", true],
      ["port", "port", "number", false],
      ["security", "security", "choice", false],
      ["password", "password", "secret", false],
    ]);
  });

  it("is sent as its types say, without what was left empty", () => {
    expect(valuesOf(fields, { host: "mail.example.org", port: "587", password: "" })).toEqual({ host: "mail.example.org", port: 587 });
  });

  it("is checked before it is sent", () => {
    expect([...faultsOf(fields, { port: "many" })]).toEqual(["host", "port"]);
  });
});
