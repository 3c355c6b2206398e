import { expect, test } from "vitest";
import { faultsIn, filledBy, parametersOf } from "./filled";
import type { SchemaField } from "./schema";

function field(name: string, kind: SchemaField["kind"], required = true): SchemaField {
  return { name, kind, required, title: name, description: "", choices: [] };
}

const FIELDS = [field("host", "text"), field("port", "number", false), field("username", "text"), field("password", "secret")];

test("a credential stands for what it gives, and is asked for where none is chosen", () => {
  const filled = { typed: { host: "a" }, named: { username: "c1", password: "" } };
  expect([...faultsIn(FIELDS, filled)]).toEqual(["password"]);
  expect(parametersOf(FIELDS, { ...filled, named: { username: "c1", password: "c1" } })).toEqual({
    host: "a",
    username: { credential: "c1" },
    password: { credential: "c1" },
  });
});

test("a change keeps a secret that is left empty, and takes away what is emptied", () => {
  const before = filledBy(FIELDS, { host: "a", port: 25, username: "u", password: "•••••" });
  expect(before).toEqual({ typed: { host: "a", port: "25", username: "u" }, named: {} });
  const after = { ...before, typed: { ...before.typed, port: "" } };
  expect(faultsIn(FIELDS, after, before).size).toBe(0);
  expect(parametersOf(FIELDS, after, before)).toEqual({ port: null, host: "a", username: "u" });
});

test("who stops to name a credential has to type the secret", () => {
  const before = filledBy(FIELDS, { host: "a", username: "u", password: { credential: "c1", part: "password" } });
  const after = { ...before, named: {} };
  expect([...faultsIn(FIELDS, after, before)]).toEqual(["password"]);
});
