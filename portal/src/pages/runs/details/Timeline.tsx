import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { QueueEvent, RunDetails } from "@/api/portal";
import { useTicking } from "@/components/now";
import { duration } from "@/format/duration";
import { preciseTime, timeOfDay } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";
import { segments, type Segment } from "./segments";

const useStyles = makeStyles({
  bar: { display: "flex", width: "100%", gap: "2px", listStyleType: "none", margin: 0, padding: 0 },
  part: { display: "flex", flexDirection: "column", gap: "4px", minWidth: "88px", flexBasis: 0, overflow: "hidden" },
  stripe: { height: "8px", borderRadius: "4px", "@media (forced-colors: active)": { border: "1px solid" } },
  waited: { backgroundColor: tokens.colorNeutralStroke1 },
  checked: { backgroundColor: tokens.colorNeutralStrokeAccessible },
  ran: { backgroundColor: tokens.colorCompoundBrandBackground },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis" },
  events: { margin: "8px 0 0", padding: "0 0 0 20px", display: "flex", flexDirection: "column", gap: "4px" },
  toggle: { alignSelf: "start" },
});

const KINDS: Readonly<Record<Segment["kind"], TextKey>> = { waited: "timeline.waited", checked: "timeline.checks", ran: "timeline.ran" };
const EVENTS: Readonly<Record<string, TextKey>> = {
  RunQueued: "timeline.event.queued",
  RunQueueAssigned: "timeline.event.assigned",
  RunQueueAssignFailed: "timeline.event.assignFailed",
  RunQueueRunConfirmed: "timeline.event.confirmed",
  RunQueueRunCompleted: "timeline.event.completed",
  RunQueuePriorityChanged: "timeline.event.priority",
};

/** When a run waited, was handed over and ran, in proportion. */
export function Timeline({ details }: { readonly details: RunDetails }) {
  const styles = useStyles();
  const { zone } = usePreferences();
  const [shown, setShown] = useState(false);
  const isOver = details.run.completedOn !== null;
  const now = useTicking((at) => (isOver ? 0 : Math.floor(at / 1000) * 1000));
  const parts = segments(details, now);
  return (
    <>
      <ol className={styles.bar} aria-label={t("timeline.title")}>
        {parts.map((part) => (
          <li key={part.kind} className={styles.part} style={{ flexGrow: Math.max(part.share, 0.001) }}>
            <span className={styles.small}>{timeOfDay(new Date(part.from), zone)}</span>
            <span className={mergeClasses(styles.stripe, styles[part.kind])} aria-hidden />
            <span className={styles.small}>{t(part.kind === "ran" && !isOver ? "timeline.runs" : KINDS[part.kind], { time: duration(part.length), machine: details.run.machine ?? "" })}</span>
          </li>
        ))}
      </ol>
      {details.queue.length > 0 && (
        <Button size="small" appearance="subtle" className={styles.toggle} aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t("timeline.events", { count: details.queue.length })}
        </Button>
      )}
      {shown && (
        <ol className={styles.events}>
          {details.queue.map((event, index) => (
            <li key={index}>
              <time dateTime={event.at}>{preciseTime(new Date(event.at), zone)}</time> <UserText>{eventText(event)}</UserText>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function eventText(event: QueueEvent): string {
  const known = EVENTS[event.kind];
  const what = known === undefined ? event.kind : t(known, { machine: event.machine ?? "" });
  return [what, event.code, event.message].filter(Boolean).join(" · ");
}
