import { useQueries, useQueryClient } from "@tanstack/react-query";
import { request } from "@/api/client";
import { endpointQuery } from "@/api/endpointQuery";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const ROWS = "/api/data/v9.2/workflows";
const MOST_ASKED = 10;

interface DeleteFlowsProps {
  readonly flows: readonly { readonly id: string; readonly name: string }[];
  /** Cloud flows are called by none that would be known here. */
  readonly kind?: "desktop" | "cloud";
  readonly onDeleted?: () => void;
  readonly onClose: () => void;
}

/** Asks before flows are deleted, and names what would fail without them. */
export function DeleteFlows({ flows, kind = "desktop", onDeleted, onClose }: DeleteFlowsProps) {
  const queries = useQueryClient();
  const asked = kind === "desktop" ? flows.slice(0, MOST_ASKED) : [];
  const details = useQueries({ queries: asked.map(({ id }) => endpointQuery("GET /desktopflows/{flowId}", { path: { flowId: id } })) });
  const callers = new Map(details.flatMap((one) => one.data?.usedBy ?? []).map((link) => [link.id, link.name ?? t("flows.unknownFlow")]));
  const remove = async () => {
    for (const { id } of flows) await request(`${ROWS}(${id})`, { method: "DELETE" });
    onDeleted?.();
    await queries.invalidateQueries({ queryKey: ["rows"] });
  };
  const [first] = flows;
  const one = flows.length === 1 && first !== undefined;
  return (
    <ConfirmDialog
      title={one ? t("flows.deleteTitle", { name: first.name }) : t("flows.deleteManyTitle", { count: flows.length })}
      action={one ? t("flows.deleteAction") : t("flows.deleteMany", { count: flows.length })}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>{t("flows.deleteText")}</p>
      {callers.size > 0 && (
        <>
          <p>{t("flows.deleteUsed", { count: callers.size })}</p>
          <ul>
            {[...callers].map(([id, name]) => (
              <li key={id}>
                <UserText>{name}</UserText>
              </li>
            ))}
          </ul>
        </>
      )}
      {!one && (
        <ul>
          {flows.map(({ id, name }) => (
            <li key={id}>
              <UserText>{name}</UserText>
            </li>
          ))}
        </ul>
      )}
    </ConfirmDialog>
  );
}
