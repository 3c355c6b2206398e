/** Finds flows and machines by name, and anything by its id. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import type { Hit, HitKind } from "@/api/portal";
import type { Command } from "@/components/commands";
import { addressOf, toPage } from "@/components/addresses";
import { t, type TextKey } from "@/strings/text";

const KINDS: Readonly<Record<HitKind, TextKey>> = {
  desktopFlow: "flows.desktopFlow",
  cloudFlow: "flows.cloudFlow",
  desktopRun: "runs.desktopRun",
  cloudRun: "runs.cloudRun",
  machine: "machines.machine",
  group: "machines.group",
};

/** What a text finds, as commands that lead there. */
export function useFound(text: string): { readonly found: readonly Command[]; readonly searching: boolean } {
  const navigate = useNavigate();
  const wanted = useDeferredValue(text.trim());
  const asks = wanted.length > 1;
  const query = useQuery({
    ...endpointQuery("GET /search", { query: { q: wanted } }),
    enabled: asks,
    placeholderData: keepPreviousData,
  });
  const items = asks ? query.data?.items : undefined;
  const found = useMemo(() => (items ?? []).map((hit) => command(hit, (to) => void navigate(toPage(to)))), [items, navigate]);
  return { found, searching: query.isFetching };
}

function command(hit: Hit, go: (to: string) => void): Command {
  const to = pageOf(hit);
  return { id: to, group: t("palette.found"), name: hit.name, note: t(KINDS[hit.kind]), run: () => go(to) };
}

function pageOf(hit: Hit): string {
  switch (hit.kind) {
    case "desktopFlow":
      return addressOf.desktopFlow(hit.id);
    case "cloudFlow":
      return addressOf.cloudFlow(hit.id);
    case "desktopRun":
      return addressOf.desktopRun(hit.id);
    case "cloudRun":
      return addressOf.cloudRun(hit.flowId ?? "", hit.runName ?? "");
    case "machine":
      return addressOf.machine(hit.id);
    case "group":
      return addressOf.group(hit.id);
  }
}
