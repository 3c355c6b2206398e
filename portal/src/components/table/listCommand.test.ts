import { describe, expect, it } from "vitest";
import { isPlain, listRequest } from "./listCommand";

describe("the command that gives the same list", () => {
  it("asks for the same, and no text gets out of its quotes", () => {
    const query = { search: "a'b $(c)", status: ["Failed", "Timed out"], sort: "-requestedOn", mode: undefined };
    expect(listRequest("/desktopruns", query, "https://rpa.example.org")).toBe(
      `curl -H "Authorization: Bearer $DESKHAND_TOKEN" 'https://rpa.example.org/api/portal/desktopruns?search=a%27b%20%24(c)&status=Failed%2CTimed%20out&sort=-requestedOn'`,
    );
  });

  it("is a plain one where nothing is searched, filtered or sorted otherwise", () => {
    const view = { search: "", sort: "name", filters: { state: [] } };
    expect([isPlain(view, "name"), isPlain({ ...view, search: "x" }, "name"), isPlain({ ...view, sort: "-name" }, "name")]).toEqual([true, false, false]);
  });
});
