import { makeStyles, tokens } from "@fluentui/react-components";
import type { FlowVersion } from "@/api/portal";
import { StatusBadge } from "@/components/StatusBadge";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";

const useStyles = makeStyles({
  words: { minWidth: 0, flex: "1 1 auto", display: "flex", flexDirection: "column" },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: "8px", fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
  note: { overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
});

interface VersionAboutProps {
  readonly version: FlowVersion;
  /** What is said of the one that counts. */
  readonly current: string;
}

/** Which version it is, whose, from when, and what its maker said of it. */
export function VersionAbout({ version, current }: VersionAboutProps) {
  const styles = useStyles();
  return (
    <span className={styles.words}>
      <span className={styles.head}>
        {t("versions.number", { number: version.number })}
        {version.inForce && <StatusBadge status="On" text={current} />}
      </span>
      <span className={styles.quiet}>
        <Time at={version.madeOn} /> {version.madeBy !== null && <UserText>{t("versions.by", { name: version.madeBy })}</UserText>}
      </span>
      {version.note !== "" && (
        <span className={styles.note} dir="auto">
          {visible(version.note)}
        </span>
      )}
    </span>
  );
}
