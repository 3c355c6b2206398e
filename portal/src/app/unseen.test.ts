import { expect, it } from "vitest";
import type { Attention } from "@/api/portal";
import { occasion, unseenOf } from "./unseen";

const failing: Attention = { kind: "failingFlow", id: "f", name: "Invoices", flowKind: "desktop", since: "2026-03-01T06:00:00Z", count: 1, message: null };
const offline: Attention = { ...failing, kind: "machineOffline", id: "m", flowKind: null };

it("counts a flow that fails again as new, and a machine that is still away as seen", () => {
  const seen = [failing, offline].map(occasion);
  const later = "2026-03-01T07:00:00Z";
  const now = [{ ...failing, since: later, count: 2 }, { ...offline, count: 3 }];
  expect(unseenOf([failing, offline], seen)).toEqual([]);
  expect(unseenOf(now, seen)).toEqual([now[0]]);
});
