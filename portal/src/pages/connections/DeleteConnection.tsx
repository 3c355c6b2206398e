import { useQuery } from "@tanstack/react-query";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type ConnectionRow } from "@/api/portal";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

interface DeleteConnectionProps {
  readonly connection: ConnectionRow;
  readonly onDeleted: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before a connection is deleted, and names the references and flows that then fail. */
export function DeleteConnection({ connection, onDeleted, onClose }: DeleteConnectionProps) {
  const { name, displayName, references } = connection;
  const uses = useQuery(endpointQuery("GET /connections/{name}/uses", { path: { name } }));
  const flows = uses.data?.flows ?? [];
  return (
    <ConfirmDialog
      title={t("connections.deleteTitle", { name: displayName })}
      action={t("connections.deleteAction")}
      onConfirm={async () => {
        await portal("DELETE /connections/{name}", { path: { name } });
        await onDeleted();
      }}
      onClose={onClose}
    >
      <p>{t("connections.deleteText")}</p>
      {references.length > 0 && (
        <>
          <p>{t("connections.deleteUsed")}</p>
          <ul>
            {references.map((one) => (
              <li key={one}>
                <UserText>{one}</UserText>
              </li>
            ))}
          </ul>
        </>
      )}
      {flows.length > 0 && (
        <>
          <p>{t("connections.deleteFlows", { count: flows.length })}</p>
          <ul>
            {flows.map((flow) => (
              <li key={flow.id}>
                <UserText>{flow.name}</UserText>
              </li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
