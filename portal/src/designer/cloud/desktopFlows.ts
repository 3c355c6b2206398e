import { useQueries } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import type { DesktopFlowDetails } from "@/api/portal";
import { valueAt, type JsonObject } from "@/designer/model/cloud/json";
import { walk } from "@/designer/model/cloud/structure";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Return the desktop flows that steps of a definition run, by their ids as the definition spells them. */
export function useDesktopFlows(definition: JsonObject): ReadonlyMap<string, DesktopFlowDetails> {
  const ids = [
    ...new Set(
      [...walk(definition)]
        .map(({ action }) => valueAt(action, ["inputs", "parameters", "uiFlowId"]))
        .filter((one): one is string => typeof one === "string" && GUID.test(one)),
    ),
  ];
  return useQueries({
    queries: ids.map((flowId) => endpointQuery("GET /desktopflows/{flowId}", { path: { flowId } }, { topics: ["flows"], id: flowId })),
    combine: (answers) => new Map(answers.flatMap(({ data }, index) => (data === undefined ? [] : [[ids[index] ?? "", data] as const]))),
  });
}
