import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Option,
  Spinner,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type MachineRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { CommandLine } from "@/components/CommandLine";
import { ErrorMessage } from "@/components/ErrorMessage";
import { StatusBadge } from "@/components/StatusBadge";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "12px" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  step: { margin: 0 },
  state: { display: "flex", alignItems: "center", gap: "8px", minHeight: "32px" },
});

interface RegisterDialogProps {
  readonly groupId: string | null;
  readonly onClose: () => void;
}

/** Makes the command that registers a machine, and tells when that machine is there. */
export function RegisterDialog({ groupId, onClose }: RegisterDialogProps) {
  const styles = useStyles();
  const [group, setGroup] = useState(groupId);
  const groups = useQuery(endpointQuery("GET /groups", {}, { topics: ["groups"] }));
  const make = useMutation({
    mutationFn: async () => {
      const before = await portal("GET /machines");
      const made = await portal("POST /machines/registration", { body: { groupId: group } });
      return { ...made, known: new Set(before.items.map((machine) => machine.id)) };
    },
  });
  const shared = (groups.data?.items ?? []).filter((one) => !one.standalone);
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("register.title")}</DialogTitle>
          <DialogContent className={styles.content}>
            {make.data === undefined ? (
              <Field label={t("register.group")}>
                <Dropdown
                  value={shared.find((one) => one.id === group)?.name ?? t("register.ownGroup")}
                  selectedOptions={[group ?? ""]}
                  onOptionSelect={(_, data) => setGroup(data.optionValue || null)}
                >
                  <Option value="">{t("register.ownGroup")}</Option>
                  {shared.map((one) => (
                    <Option key={one.id} value={one.id} text={one.name}>
                      <UserText>{one.name}</UserText>
                    </Option>
                  ))}
                </Dropdown>
              </Field>
            ) : (
              <>
                <p className={styles.step}>{t("register.step")}</p>
                <CommandLine command={make.data.command} autoFocus />
                <p className={styles.step}>{t("register.then")}</p>
                <CommandLine command={`deskhand machine run --server ${location.origin}`} />
                <p className={styles.quiet}>{t("register.valid")}</p>
                <Arrival known={make.data.known} onClose={onClose} />
              </>
            )}
            {make.error !== null && <ErrorMessage error={make.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t(make.data === undefined ? "common.cancel" : "common.close")}</Button>
            {make.data === undefined && (
              <Button appearance="primary" disabledFocusable={make.isPending} onClick={() => make.mutate()}>
                {t("register.make")}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Waits for the machine: what was not there before is the one. */
function Arrival({ known, onClose }: { readonly known: ReadonlySet<string>; readonly onClose: () => void }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const machines = useQuery(endpointQuery("GET /machines", {}, { topics: ["machines"] }));
  const arrived = machines.data?.items.find((machine) => !known.has(machine.id));
  const open = (machine: MachineRow) => {
    onClose();
    void navigate(toPage(addressOf.machine(machine.id)));
  };
  return (
    <div className={styles.state} role="status">
      {arrived === undefined && (
        <>
          <Spinner size="tiny" />
          {t("register.waiting")}
        </>
      )}
      {arrived !== undefined && (
        <>
          <StatusBadge
            status={arrived.connected ? "Connected" : "Disconnected"}
            text={t(arrived.connected ? "register.connected" : "register.joined", { name: arrived.name })}
          />
          <Button size="small" onClick={() => open(arrived)}>
            {t("register.open", { name: arrived.name })}
          </Button>
        </>
      )}
    </div>
  );
}
