import { expect, it } from "vitest";
import { keptText } from "./retention";

it("says how long something is kept", () => {
  expect([
    keptText({ kind: "cloudRuns", setting: "cloudflow_history_days", kept: 28 }),
    keptText({ kind: "desktopRuns", setting: "desktop_run_days", kept: null }),
    keptText({ kind: "actionLogs", setting: "action_log_days", kept: null }),
    keptText({ kind: "flowVersions", setting: "flow_versions_max", kept: 100 }),
    keptText({ kind: "files", setting: null, kept: null }),
  ]).toEqual(["28 days", "for ever", "as long as the run", "100 of each flow", "as long as what they belong to"]);
});
