/** Rows of flows, as tests of the model make them. */
import type { OutlineRow } from "@/api/portal";

export const row = (text: string, depth = 0, extra: Partial<OutlineRow> = {}): OutlineRow => ({
  text,
  fixed: [],
  depth,
  number: 1,
  name: text.split(" ")[0] ?? "",
  title: "",
  summary: [],
  produces: [],
  names: [],
  opens: false,
  closes: false,
  branch: false,
  disabled: false,
  handled: false,
  known: true,
  ...extra,
});
