/** What expressions are previewed with: the data of the flow's last run. */
import { queryOptions } from "@tanstack/react-query";
import { request } from "@/api/client";
import { runQuery, runsQuery, type Link } from "@/designer/cloud/runs";

const MOST_BYTES = 200_000;

export interface PreviewContext {
  readonly run: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
}

export function previewQuery(flowId: string) {
  return queryOptions({
    queryKey: ["preview context", flowId],
    queryFn: async ({ client }): Promise<PreviewContext> => {
      const runs = await client.fetchQuery(runsQuery(flowId));
      const name = runs.value[0]?.name;
      if (name === undefined) return { run: undefined, values: {} };
      const { properties } = await client.fetchQuery(runQuery(flowId, name));
      const outputs: Record<string, unknown> = {};
      await Promise.all(
        Object.entries(properties.actions ?? {}).map(async ([action, one]) => {
          const value = await read(one.outputsLink);
          if (value !== undefined) outputs[action] = value;
        }),
      );
      return { run: name, values: { outputs, trigger: { outputs: (await read(properties.trigger.outputsLink)) ?? {} } } };
    },
    staleTime: 10_000,
  });
}

async function read(link: (Link & { readonly contentSize?: number }) | undefined): Promise<unknown> {
  if (link?.uri === undefined || (link.contentSize ?? 0) > MOST_BYTES) return undefined;
  const place = new URL(link.uri, location.origin);
  return request<unknown>(place.pathname + place.search).catch(() => undefined);
}
