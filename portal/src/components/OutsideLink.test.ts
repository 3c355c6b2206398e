import { expect, it } from "vitest";
import { webAddress } from "./OutsideLink";

it("opens addresses of the web alone", () => {
  const found = ["https://example.org/a", "javascript:alert(1)", "data:text/html,x", "/relative", "", null].map(webAddress);
  expect(found).toEqual(["https://example.org/a", undefined, undefined, undefined, undefined, undefined]);
});
