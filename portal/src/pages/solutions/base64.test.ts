import { expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64";

it("writes and reads any bytes as base64", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});
