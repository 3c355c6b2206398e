/** Where things have their pages. */
import type { RunRow } from "@/api/portal";

const environment = "/e/default";

export const addressOf = {
  desktopFlow: (id: string) => `${environment}/desktopflows/${id}`,
  desktopDesigner: (id: string) => `${environment}/desktopflows/${id}/edit`,
  cloudFlow: (id: string) => `${environment}/cloudflows/${id}`,
  cloudDesigner: (id: string) => `${environment}/cloudflows/${id}/edit`,
  desktopRun: (id: string) => `${environment}/runs/${id}`,
  cloudRun: (flowId: string, name: string) => `${environment}/cloudflows/${flowId}/runs/${name}`,
  machine: (id: string) => `${environment}/machines/${id}`,
  group: (id: string) => `${environment}/groups/${id}`,
  desktopRuns: `${environment}/runs`,
  cloudRuns: `${environment}/cloudruns`,
  desktopFlows: `${environment}/desktopflows`,
  cloudFlows: `${environment}/cloudflows`,
  machines: `${environment}/machines`,
  queue: `${environment}/queue`,
  activity: `${environment}/activity`,
  connections: `${environment}/connections`,
  connection: (name: string) => `${environment}/connections/${name}`,
  approvals: `${environment}/approvals`,
  credentials: `${environment}/credentials`,
  solutions: `${environment}/solutions`,
  importing: `${environment}/solutions/import`,
  create: `${environment}/create`,
  home: environment,
};

/** The page of a run of either kind. */
export function runPage(run: Pick<RunRow, "kind" | "id" | "flowId" | "name">): string {
  return run.kind === "desktop" ? addressOf.desktopRun(run.id) : addressOf.cloudRun(run.flowId ?? "", run.name ?? "");
}

/** An address as links and navigation take it: its path, and its query by name. */
export function toPage(address: string): { readonly to: string; readonly search: never } {
  const [path = "", query = ""] = address.split("?");
  return { to: path, search: Object.fromEntries(new URLSearchParams(query)) as never };
}
