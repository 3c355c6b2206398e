import type { GroupRow, MachineRow } from "@/api/portal";
import { StatusBadge } from "@/components/StatusBadge";
import type { Column, Filter } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

export type MachineStatus = "Connected" | "Disconnected" | "Maintenance";

export function machineStatus(machine: Pick<MachineRow, "connected" | "maintenance">): MachineStatus {
  if (machine.maintenance) return "Maintenance";
  return machine.connected ? "Connected" : "Disconnected";
}

export function machineValue(machine: MachineRow, sort: string): string | number | null {
  const values: Readonly<Record<string, string | number | null>> = {
    name: machine.name,
    group: machine.group,
    status: machineStatus(machine),
    sessions: machine.running,
    queued: machine.queued,
    lastSeen: machine.lastSeen,
  };
  return values[sort] ?? null;
}

export function groupValue(group: GroupRow, sort: string): string | number | null {
  const values: Readonly<Record<string, string | number | null>> = { name: group.name, machines: group.machines, queued: group.queued };
  return values[sort] ?? null;
}

export const MACHINE_COLUMNS: readonly Column<MachineRow>[] = [
  {
    id: "name",
    header: t("machines.name"),
    render: (machine) => <UserText>{machine.name}</UserText>,
    text: (machine) => machine.name,
    sort: "name",
    width: 140,
    grow: 2,
    isLink: true,
  },
  {
    id: "status",
    header: t("machines.status"),
    render: (machine) => <StatusBadge status={machineStatus(machine)} alarming={!machine.connected && machine.queued > 0} />,
    text: machineStatus,
    sort: "status",
    width: 130,
  },
  {
    id: "group",
    header: t("machines.inGroup"),
    render: (machine) => <UserText>{machine.standalone ? "–" : machine.group}</UserText>,
    text: (machine) => machine.group,
    sort: "group",
    width: 120,
  },
  {
    id: "sessions",
    header: t("machines.sessions"),
    render: (machine) => t("machines.sessionsOf", { used: machine.running, capacity: machine.capacity }),
    text: (machine) => machine.running,
    sort: "sessions",
    width: 90,
  },
  {
    id: "queued",
    header: t("machines.queued"),
    render: (machine) => machine.queued,
    text: (machine) => machine.queued,
    sort: "queued",
    width: 90,
    numeric: true,
  },
  {
    id: "agent",
    header: t("machines.agent"),
    render: (machine) =>
      machine.versionDiffers ? <StatusBadge status="Warning" text={machine.agentVersion ?? ""} /> : machine.agentVersion,
    text: (machine) => machine.agentVersion,
    width: 90,
  },
  {
    id: "lastSeen",
    header: t("machines.lastSeen"),
    render: (machine) => (machine.lastSeen === null ? t("machines.never") : <Time at={machine.lastSeen} />),
    text: (machine) => machine.lastSeen,
    sort: "lastSeen",
    width: 130,
  },
  {
    id: "owner",
    header: t("machines.owner"),
    render: (machine) => <UserText>{machine.owner}</UserText>,
    text: (machine) => machine.owner,
    width: 110,
  },
  {
    id: "description",
    header: t("machines.description"),
    render: (machine) => <UserText>{machine.description}</UserText>,
    text: (machine) => machine.description,
    width: 160,
    optional: true,
  },
];

export const MACHINE_FILTERS: readonly Filter[] = [
  {
    id: "status",
    label: t("machines.status"),
    options: (["Connected", "Disconnected", "Maintenance"] as const).map((value) => ({ value, label: value })),
  },
];

export const GROUP_COLUMNS: readonly Column<GroupRow>[] = [
  {
    id: "name",
    header: t("machines.name"),
    render: (group) => <UserText>{group.name}</UserText>,
    text: (group) => group.name,
    sort: "name",
    width: 140,
    grow: 2,
    isLink: true,
  },
  {
    id: "machines",
    header: t("machines.members"),
    render: (group) => t("machines.membersOf", { connected: group.connected, count: group.machines }),
    text: (group) => group.machines,
    sort: "machines",
    width: 130,
  },
  {
    id: "status",
    header: t("machines.status"),
    render: (group) => (
      <StatusBadge status={group.maintenance ? "Maintenance" : group.connected > 0 ? "Connected" : "Disconnected"} alarming={group.connected === 0 && group.queued > 0} />
    ),
    text: (group) => (group.maintenance ? "Maintenance" : group.connected > 0 ? "Connected" : "Disconnected"),
    width: 130,
  },
  {
    id: "sessions",
    header: t("machines.sessions"),
    render: (group) => t("machines.sessionsOf", { used: group.running, capacity: group.capacity }),
    text: (group) => group.running,
    width: 90,
  },
  {
    id: "queued",
    header: t("machines.queued"),
    render: (group) => group.queued,
    text: (group) => group.queued,
    sort: "queued",
    width: 90,
    numeric: true,
  },
  { id: "owner", header: t("machines.owner"), render: (group) => <UserText>{group.owner}</UserText>, text: (group) => group.owner, width: 110 },
];
