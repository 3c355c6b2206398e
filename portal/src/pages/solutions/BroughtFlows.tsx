import { Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, makeStyles, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import type { BroughtFlow, Readiness } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { StatusBadge, type Status } from "@/components/StatusBadge";
import { UserText } from "@/components/UserText";
import { t, type TextKey } from "@/strings/text";

const NARROW = "@media (max-width: 760px)";

const useStyles = makeStyles({
  row: { [NARROW]: { flexWrap: "wrap" } },
  kind: { flex: "0 0 120px", [NARROW]: { flexBasis: "100px" } },
  here: { flex: "0 0 190px", [NARROW]: { flexBasis: "150px" } },
  /** Sentences: where there is no room for them beside the flow, they stand below it. */
  why: { flex: "2 1 0", padding: "6px 8px", height: "auto", [NARROW]: { flexBasis: "100%", ":empty": { display: "none" } } },
  whyHead: { flex: "2 1 0", [NARROW]: { display: "none" } },
  list: { margin: 0, paddingLeft: "16px", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
});

const HERE: Readonly<Record<Readiness, readonly [Status, TextKey]>> = {
  runs: ["Succeeded", "import.runs"],
  withWarnings: ["Warning", "import.withWarnings"],
  cannotRun: ["Failed", "import.cannotRun"],
};

interface BroughtFlowsProps {
  readonly flows: readonly BroughtFlow[];
  /** Whether the flows are here now, and have pages. */
  readonly links?: boolean;
}

/** The flows of a file: what of them would run here, and why not. */
export function BroughtFlows({ flows, links = false }: BroughtFlowsProps) {
  const styles = useStyles();
  if (flows.length === 0) return <p className={styles.quiet}>{t("import.nothing")}</p>;
  return (
    <Table noNativeElements size="small" aria-label={t("solutions.flows")}>
      <TableHeader>
        <TableRow className={styles.row}>
          <TableHeaderCell>{t("import.flow")}</TableHeaderCell>
          <TableHeaderCell className={styles.kind}>{t("import.kind")}</TableHeaderCell>
          <TableHeaderCell className={styles.here}>{t("import.readiness")}</TableHeaderCell>
          <TableHeaderCell className={styles.whyHead}>{t("import.why")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {flows.map((flow) => (
          <TableRow className={styles.row} key={`${flow.kind} ${flow.id ?? flow.name}`}>
            <TableCell>
              {links && flow.id !== null ? (
                <Link {...toPage(flow.kind === "desktop" ? addressOf.desktopFlow(flow.id) : addressOf.cloudFlow(flow.id))} className={styles.link}>
                  <UserText>{flow.name}</UserText>
                </Link>
              ) : (
                <UserText>{flow.name}</UserText>
              )}
            </TableCell>
            <TableCell className={styles.kind}>{t(flow.kind === "desktop" ? "flows.desktopFlow" : "flows.cloudFlow")}</TableCell>
            <TableCell className={styles.here}>
              <StatusBadge status={HERE[flow.readiness][0]} text={t(HERE[flow.readiness][1])} />
            </TableCell>
            <TableCell className={styles.why}>
              <Notes flow={flow} told={!links && flow.replaces} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Notes({ flow, told }: { readonly flow: BroughtFlow; readonly told: boolean }) {
  const styles = useStyles();
  const notes = [...(told ? [t("import.replaces")] : []), ...flow.problems, ...flow.warnings];
  if (notes.length === 0) return null;
  return (
    <ul className={styles.list}>
      {notes.map((note, index) => (
        <li key={index} dir="auto">
          {note}
        </li>
      ))}
    </ul>
  );
}
