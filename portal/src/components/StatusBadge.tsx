import { Spinner, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowCircleRight20Regular,
  CheckmarkCircle20Filled,
  Circle20Regular,
  CircleHint20Regular,
  Clock20Regular,
  DismissCircle20Filled,
  Next20Regular,
  PauseCircle20Regular,
  Prohibited20Regular,
  Timer20Filled,
  Warning20Filled,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { RunStatus } from "@/api/portal";

/** Every state that is shown anywhere, in its one word. */
export type Status = RunStatus | "Connected" | "Disconnected" | "Maintenance" | "On" | "Off" | "Suspended" | "Warning";

type Tone = "neutral" | "brand" | "good" | "bad" | "amber";

const useStyles = makeStyles({
  badge: { display: "inline-flex", alignItems: "center", gap: "6px", whiteSpace: "nowrap", verticalAlign: "middle" },
  icon: { flexShrink: 0 },
  neutral: { color: tokens.colorNeutralForeground2 },
  brand: { color: tokens.colorBrandForeground1 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  amber: { color: tokens.colorPaletteDarkOrangeForeground1 },
});

const LOOKS: Readonly<Record<Exclude<Status, "Running">, readonly [FluentIcon, Tone]>> = {
  Queued: [Clock20Regular, "neutral"],
  "Next to run": [ArrowCircleRight20Regular, "neutral"],
  Canceling: [CircleHint20Regular, "neutral"],
  Succeeded: [CheckmarkCircle20Filled, "good"],
  Connected: [CheckmarkCircle20Filled, "good"],
  On: [CheckmarkCircle20Filled, "good"],
  Failed: [DismissCircle20Filled, "bad"],
  "Timed out": [Timer20Filled, "bad"],
  Canceled: [Prohibited20Regular, "neutral"],
  Skipped: [Next20Regular, "neutral"],
  Off: [Next20Regular, "neutral"],
  Paused: [PauseCircle20Regular, "amber"],
  Suspended: [PauseCircle20Regular, "amber"],
  Maintenance: [PauseCircle20Regular, "amber"],
  Warning: [Warning20Filled, "amber"],
  Disconnected: [Circle20Regular, "neutral"],
};

interface StatusBadgeProps {
  readonly status: Status;
  /** Another word than the state's own, where the table says so: “Canceling…”. */
  readonly text?: string;
  /** Whether the state is bad here: a machine is away, and runs wait for it. */
  readonly alarming?: boolean;
}

/** A state: an icon and a word, neither of which is needed to understand the other. */
export function StatusBadge({ status, text, alarming = false }: StatusBadgeProps) {
  const styles = useStyles();
  const shown = text ?? (status === "Canceling" ? "Canceling…" : status);
  if (status === "Running") {
    return (
      <span className={mergeClasses(styles.badge, styles.brand)}>
        <Spinner size="extra-tiny" className={styles.icon} aria-hidden />
        {shown}
      </span>
    );
  }
  const [Icon, tone] = LOOKS[status];
  return (
    <span className={mergeClasses(styles.badge, styles[alarming ? "bad" : tone])}>
      <Icon className={styles.icon} aria-hidden />
      {shown}
    </span>
  );
}
