import { expect, it } from "vitest";
import { buttonBody, buttonInputs } from "./buttonInputs";

const inputs = buttonInputs({
  type: "Request",
  inputs: { schema: { properties: { text: { title: "Name", type: "string" }, number: { title: "How often", type: "number" } }, required: ["text"] } },
});

it("asks for what the button's schema names, by the names that people see", () => {
  expect(inputs.map(({ key, parameter }) => [key, parameter.name, parameter.type, parameter.required])).toEqual([
    ["text", "Name", "string", true],
    ["number", "How often", "number", false],
  ]);
});

it("sends them by the trigger's own names", () => {
  expect(buttonBody(inputs, { Name: "Ada" })).toEqual({ text: "Ada" });
});
