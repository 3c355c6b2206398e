import { describe, expect, it } from "vitest";
import type { BroughtReference, ConnectionRow } from "@/api/portal";
import { proposed } from "./bindings";

const reference = (logicalName: string, connector: string): BroughtReference => ({
  logicalName,
  displayName: logicalName,
  connector: `/providers/Microsoft.PowerApps/apis/${connector}`,
  connection: null,
});

const connection = (name: string, connector: string) => ({ name, connector }) as ConnectionRow;

describe("proposed", () => {
  const references = [reference("new_flows", "shared_uiflow"), reference("new_mail", "shared_office365")];

  it("binds a reference to the one connection that fits", () => {
    const connections = [connection("c1", "shared_uiflow"), connection("c2", "shared_approvals")];
    expect(proposed(references, connections, {})).toEqual({ new_flows: "c1" });
  });

  it("leaves the choice between several to people", () => {
    expect(proposed(references, [connection("c1", "shared_uiflow"), connection("c2", "shared_uiflow")], {})).toEqual({});
  });

  it("changes nothing that was chosen, not even to bind later", () => {
    const chosen = { new_flows: "", new_mail: "c9" };
    expect(proposed(references, [connection("c1", "shared_uiflow"), connection("c2", "shared_office365")], chosen)).toEqual(chosen);
  });
});
