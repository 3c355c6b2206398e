import { describe, expect, it } from "vitest";
import type { ElementSelector } from "@/api/portal";
import * as change from "./selectors";

const visual: ElementSelector = {
  name: "Default",
  enabled: true,
  custom: false,
  text: 'window[Process="erp"] > button[Id="15"]:eq(2)',
  source: 0,
  parts: [
    { name: "Window", tag: "window", enabled: true, attributes: [{ name: "Process", operator: "EqualTo", value: "erp", enabled: true }] },
    {
      name: "Button",
      tag: "button",
      enabled: true,
      attributes: [
        { name: "Id", operator: "EqualTo", value: "15", enabled: true },
        { name: "Class", operator: "EqualTo", value: "", enabled: false },
        { name: "Ordinal", operator: "EqualTo", value: "2", enabled: true },
      ],
    },
  ],
};
const custom: ElementSelector = { name: "Mine", enabled: true, custom: true, text: "#ok", parts: [], source: 1 };

describe("selectors of a UI element", () => {
  it("come to the text that the server tells", () => {
    expect(change.selectorText(visual.parts)).toBe(visual.text);
  });

  it("follow their parts and attributes", () => {
    const contains = change.setAttribute([visual, custom], 0, 1, 0, { operator: "Contains", value: '1"5' });
    expect(contains[0]?.text).toBe('window[Process="erp"] > button[Id*="1\\"5"]:eq(2)');
    expect(contains[1]).toBe(custom);
    expect(change.setPart([visual], 0, 0, { enabled: false })[0]?.text).toBe('button[Id="15"]:eq(2)');
  });

  it("become texts that begin with what their parts come to, and parts again", () => {
    const asText = change.setCustom([visual], 0, true);
    expect(asText[0]).toMatchObject({ custom: true, text: visual.text });
    expect(change.setCustom(change.setText(asText, 0, "button"), 0, false)).toEqual([visual]);
    expect(change.setCustom([custom], 0, true)[0]?.text).toBe("#ok");
  });

  it("are tried in another order, and not beyond the ends", () => {
    expect(change.move([visual, custom], 1, 0)).toEqual([custom, visual]);
    const same = [visual, custom];
    expect(change.move(same, 0, -1)).toBe(same);
    expect(change.move(same, 1, 2)).toBe(same);
  });

  it("are added, copied, switched off and removed, but for the last", () => {
    expect(change.add([custom], "New")[1]).toEqual({ name: "New", enabled: true, custom: true, text: "", parts: [], source: null });
    expect(change.duplicate([visual, custom], 0)).toEqual([visual, visual, custom]);
    expect(change.setEnabled([visual, custom], 1, false).map((one) => one.enabled)).toEqual([true, false]);
    expect(change.remove([visual, custom], 0)).toEqual([custom]);
    const last = [custom];
    expect(change.remove(last, 0)).toBe(last);
  });
});
