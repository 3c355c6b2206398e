import { makeStyles } from "@fluentui/react-components";
import { clock, duration } from "@/format/duration";
import { absolute, friendly } from "@/format/time";
import { usePreferences } from "@/preferences/preferences";
import { spoken } from "@/strings/visible";
import { useTicking } from "./now";

const useStyles = makeStyles({ whole: { whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" } });

/** An instant: how long ago, with the exact time on hover and for screen readers. */
export function Time({ at }: { readonly at: string }) {
  const styles = useStyles();
  const { zone } = usePreferences();
  const moment = new Date(at);
  const shown = useTicking((now) => friendly(moment, new Date(now), zone));
  const exact = absolute(moment, zone);
  return (
    <time dateTime={at} title={spoken(exact)} className={styles.whole} {...(shown === exact ? {} : { "aria-label": spoken(`${shown}, ${exact}`) })}>
      {shown}
    </time>
  );
}

/** An instant with date and time. */
export function ExactTime({ at }: { readonly at: string }) {
  const styles = useStyles();
  const { zone } = usePreferences();
  return (
    <time dateTime={at} className={styles.whole}>
      {absolute(new Date(at), zone)}
    </time>
  );
}

/** A length of time that is over. */
export function Duration({ ms }: { readonly ms: number }) {
  const styles = useStyles();
  return <span className={styles.whole}>{duration(ms)}</span>;
}

/** A length of time that still counts up. */
export function Elapsed({ since }: { readonly since: string }) {
  const styles = useStyles();
  const began = new Date(since).getTime();
  return <span className={styles.whole}>{useTicking((now) => clock(now - began))}</span>;
}
