import { makeStyles, tokens } from "@fluentui/react-components";
import type { NamedValue } from "@/api/portal";
import { CopyButton } from "@/components/CopyButton";
import { Json } from "@/components/Json";
import { Panel } from "@/components/Panel";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  list: { display: "grid", gridTemplateColumns: "minmax(80px, max-content) minmax(0, 1fr)", gap: "6px 16px", margin: 0, alignItems: "baseline" },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  value: { margin: 0, minWidth: 0, overflowWrap: "anywhere", whiteSpace: "pre-wrap", fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
});

interface ValuesProps {
  readonly title: string;
  readonly values: readonly NamedValue[];
  /** What is said in their place where there are none. */
  readonly none: string;
}

/** Inputs or outputs of a run. What is sensitive did not come from the server, and is shown as dots. */
export function Values({ title, values, none }: ValuesProps) {
  const styles = useStyles();
  const open = Object.fromEntries(values.filter((one) => !one.sensitive).map((one) => [one.name, one.value]));
  return (
    <Panel title={title} {...(values.length === 0 ? {} : { beside: <CopyButton text={JSON.stringify(open, null, 2)} label={t("details.copyJson")} /> })}>
      {values.length === 0 ? (
        <p className={styles.quiet}>{none}</p>
      ) : (
        <dl className={styles.list}>
          {values.map((one) => (
            <div key={one.name} style={{ display: "contents" }}>
              <dt className={styles.name}>
                <UserText>{one.name}</UserText>
              </dt>
              <dd className={styles.value}>{one.sensitive ? t("details.sensitive") : <Value of={one} />}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function Value({ of: { name, value } }: { readonly of: NamedValue }) {
  if (typeof value === "object" && value !== null) return <Json value={value} label={name} />;
  return <UserText>{JSON.stringify(value)}</UserText>;
}
