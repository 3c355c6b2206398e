import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type OpenedDesktopFlow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { ProblemPage } from "@/components/ProblemPage";
import { PageLoading } from "@/components/PageLoading";
import { DesktopDesigner } from "@/designer/desktop/DesktopDesigner";
import { localDraft } from "@/designer/desktop/localDraft";
import { t } from "@/strings/text";

/** What was asked for on the way to the page; the page takes each answer once. */
const underway = new Map<string, Promise<OpenedDesktopFlow>>();

/** Ask for a flow before its page is drawn. */
export function openAhead(flowId: string): void {
  const answer = portal("GET /desktopflows/{flowId}/designer", { path: { flowId } });
  answer.catch(() => underway.delete(flowId));
  underway.set(flowId, answer);
}

async function openFlow(flowId: string, signal: AbortSignal): Promise<OpenedDesktopFlow> {
  const ahead = underway.get(flowId);
  underway.delete(flowId);
  return ahead ?? portal("GET /desktopflows/{flowId}/designer", { path: { flowId }, signal });
}

/** Opens a desktop flow in its designer: its text, taken apart by the server, and all that may be put into it. */
export function DesktopDesignerPage() {
  const { flowId } = useParams({ strict: false }) as { flowId: string };
  const [opening, setOpening] = useState(0);
  return <Opening key={`${flowId} ${opening}`} flowId={flowId} opening={opening} onReload={() => setOpening(opening + 1)} />;
}

interface OpeningProps {
  readonly flowId: string;
  readonly opening: number;
  readonly onReload: () => void;
}

function Opening({ flowId, opening, onReload }: OpeningProps) {
  const navigate = useNavigate();
  const { subflow, row } = useSearch({ strict: false }) as { subflow?: string; row?: number | string };
  const palette = useQuery(endpointQuery("GET /robin/palette"));
  // What is being worked on is never replaced by what the server has: saving finds out about others.
  const flow = useQuery({
    queryKey: ["designer", flowId, opening],
    queryFn: async ({ signal }) => {
      const found = await openFlow(flowId, signal);
      const kept = found.flow.mayChange ? localDraft(flowId) : null;
      if (kept === null || kept.text === found.flow.text) return { ...found, text: found.flow.text, isRestored: false };
      const outline = await portal("POST /robin/read", { body: { text: kept.text }, signal });
      return { flow: { ...found.flow, version: kept.version }, outline, text: kept.text, isRestored: true };
    },
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (flow.data !== undefined && palette.data !== undefined) {
    return (
      <DesktopDesigner
        {...flow.data}
        groups={palette.data.groups}
        {...(subflow !== undefined && { at: { subflow: String(subflow), row: Number(row ?? 1) } })}
        leave={{
          close: () => void navigate(toPage(addressOf.desktopFlow(flowId))),
          openFlow: (id) => void navigate(toPage(addressOf.desktopDesigner(id))),
          reload: onReload,
        }}
      />
    );
  }
  const error = flow.error ?? palette.error;
  if (error === null) return <PageLoading />;
  const crumbs = [{ text: t("nav.myFlows") }, { text: t("flows.desktopTitle"), to: addressOf.desktopFlows }];
  return <ProblemPage title={t("flows.desktopFlow")} crumbs={crumbs} error={error} onRetry={() => void flow.refetch()} />;
}
