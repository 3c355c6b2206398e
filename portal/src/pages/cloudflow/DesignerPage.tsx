import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { addressOf } from "@/components/addresses";
import { PageLoading } from "@/components/PageLoading";
import { ProblemPage } from "@/components/ProblemPage";
import { CloudDesigner } from "@/designer/cloud/CloudDesigner";
import { t } from "@/strings/text";

/** A cloud flow in its designer; `?run=` names the run that its cards show. */
export function DesignerPage() {
  const { flowId = "" } = useParams({ strict: false });
  const search: { readonly run?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const flow = useQuery({ ...endpointQuery("GET /cloudflows/{flowId}/document", { path: { flowId } }), staleTime: 0, refetchOnWindowFocus: false });
  const palette = useQuery(endpointQuery("GET /cloudflows/palette"));
  useEffect(() => {
    document.title = `${flow.data?.name ?? t("cloud.canvasLabel")} · ${t("product")}`;
  }, [flow.data?.name]);
  const error = flow.error ?? palette.error;
  if (error !== null) {
    const crumbs = [{ text: t("nav.myFlows") }, { text: t("flows.cloudTitle"), to: addressOf.cloudFlows }];
    return <ProblemPage title={t("flows.cloudFlow")} crumbs={crumbs} error={error} onRetry={() => void flow.refetch()} />;
  }
  if (flow.data === undefined || palette.data === undefined || flow.isFetching && flow.data.version === 0) return <PageLoading />;
  return (
    <CloudDesigner
      key={flowId}
      stored={flow.data}
      palette={palette.data}
      runName={search.run}
      onRun={(run) => void navigate({ to: ".", search: run === undefined ? {} : { run }, replace: true })}
    />
  );
}
