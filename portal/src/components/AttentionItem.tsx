import { makeStyles, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import type { Attention } from "@/api/portal";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { addressOf, toPage } from "./addresses";
import { StatusBadge, type Status } from "./StatusBadge";
import { Time } from "./Time";
import { UserText } from "./UserText";

const useStyles = makeStyles({
  item: { display: "flex", gap: "8px", alignItems: "center", flexWrap: "wrap", overflowWrap: "anywhere" },
  link: { color: tokens.colorBrandForegroundLink },
  quiet: { color: tokens.colorNeutralForeground2 },
  message: { color: tokens.colorNeutralForeground2, margin: 0, flexBasis: "100%", overflowWrap: "anywhere" },
});

const STATUSES: Readonly<Record<Attention["kind"], Status>> = {
  failingFlow: "Failed",
  machineOffline: "Disconnected",
  longWait: "Queued",
  credentialExpires: "Warning",
  approvalWaits: "Queued",
};

interface AttentionItemProps {
  readonly attention: Attention;
  /** Called when somebody follows it to its page. */
  readonly onFollow?: () => void;
}

/** Something that needs attention, with the way to it. */
export function AttentionItem({ attention, onFollow }: AttentionItemProps) {
  const styles = useStyles();
  const { kind, name, since, message } = attention;
  return (
    <li className={styles.item}>
      <StatusBadge status={STATUSES[kind]} {...(kind === "approvalWaits" && { text: t("attention.asked") })} alarming={kind === "machineOffline" && attention.count > 0} />
      <Link {...toPage(pageOf(attention))} className={styles.link} onClick={onFollow}>
        <UserText>{name}</UserText>
      </Link>
      <span>{reason(attention)}</span>
      {since !== null && (
        <span className={styles.quiet}>
          <Time at={since} />
        </span>
      )}
      {message !== null && (
        <p className={styles.message} dir="auto">
          {visible(message)}
        </p>
      )}
    </li>
  );
}

function pageOf({ kind, id, flowKind }: Attention): string {
  switch (kind) {
    case "failingFlow":
      return flowKind === "cloud" ? addressOf.cloudFlow(id) : addressOf.desktopFlow(id);
    case "machineOffline":
      return addressOf.machine(id);
    case "longWait":
      return addressOf.desktopRun(id);
    case "credentialExpires":
      return addressOf.credentials;
    case "approvalWaits":
      return addressOf.approvals;
  }
}

function reason({ kind, count }: Attention): string {
  switch (kind) {
    case "failingFlow":
      return t("home.failingFlow", { count });
    case "machineOffline":
      return count > 0 ? t("home.machineOfflineQueued", { count }) : t("home.machineOffline");
    case "longWait":
      return t("home.longWait");
    case "credentialExpires":
      return t(count > 0 ? "attention.expired" : "attention.expires");
    case "approvalWaits":
      return t("attention.approval");
  }
}
