import { Tag, TagGroup } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { endpointQuery } from "@/api/endpointQuery";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

interface NarrowedProps {
  readonly flow?: string | undefined;
  readonly machine?: string | undefined;
}

/** The flow and the machine that a list of desktop-flow runs is narrowed to by its address; each can be taken away. */
export function Narrowed({ flow, machine }: NarrowedProps) {
  const navigate = useNavigate();
  const ofFlow = useQuery({ ...endpointQuery("GET /desktopflows/{flowId}", { path: { flowId: flow ?? "" } }), enabled: flow !== undefined });
  const ofMachine = useQuery({ ...endpointQuery("GET /machines/{machineId}", { path: { machineId: machine ?? "" } }), enabled: machine !== undefined });
  if (flow === undefined && machine === undefined) return null;
  const widen = (name: string) => void navigate({ to: ".", search: ((before: object) => ({ ...before, [name]: undefined })) as never });
  return (
    <TagGroup aria-label={t("runs.narrowed")} onDismiss={(_, data) => widen(data.value)}>
      {flow !== undefined && (
        <Tag value="flow" dismissible dismissIcon={{ "aria-label": t("runs.ofEveryFlow") }}>
          {t("runs.flow")}: <UserText>{ofFlow.data?.flow.name ?? flow}</UserText>
        </Tag>
      )}
      {machine !== undefined && (
        <Tag value="machine" dismissible dismissIcon={{ "aria-label": t("runs.onEveryMachine") }}>
          {t("runs.machine")}: <UserText>{ofMachine.data?.machine.name ?? machine}</UserText>
        </Tag>
      )}
    </TagGroup>
  );
}
