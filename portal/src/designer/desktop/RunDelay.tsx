import { Select, makeStyles } from "@fluentui/react-components";
import { duration } from "@/format/duration";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

const DELAYS = [0, 100, 250, 500, 1_000, 2_000, 5_000];

const useStyles = makeStyles({ whole: { marginLeft: "auto", display: "flex", alignItems: "center", gap: "4px" } });

/** How long a run waits before each action, so that it can be watched. */
export function RunDelay() {
  const styles = useStyles();
  const { delay, setDelay } = useDesigner().debugging;
  return (
    <label className={styles.whole}>
      {t("debug.delay")}
      <Select size="small" appearance="underline" value={String(delay)} onChange={(_, data) => setDelay(Number(data.value))}>
        {DELAYS.map((one) => (
          <option key={one} value={String(one)}>
            {one === 0 ? "0 ms" : duration(one)}
          </option>
        ))}
      </Select>
    </label>
  );
}
