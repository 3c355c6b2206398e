import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { StatusBadge } from "@/components/StatusBadge";
import { endOf } from "@/designer/model/cloud/edits";
import { isObject } from "@/designer/model/cloud/json";
import { cardId } from "@/designer/model/cloud/layout";
import { shownName } from "@/designer/model/cloud/making";
import { actionsIn, branchesOf, inOrder, MAIN, triggerOf, type Branch } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { spoken, visible } from "@/strings/visible";
import { branchTitle } from "./branchTitle";
import { useDesigner } from "./context";
import { statusOf } from "./runs";
import { StepIcon } from "./StepIcon";
import { StepMenu } from "./StepMenu";
import { titleOf } from "./subtitle";

const useStyles = makeStyles({
  place: { height: "100%", overflow: "auto", padding: "16px 24px", boxSizing: "border-box", "& > ol": { maxWidth: "720px" } },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "4px" },
  inside: { marginLeft: "20px", paddingLeft: "12px", borderLeft: `2px solid ${tokens.colorNeutralStroke2}` },
  row: { display: "flex", alignItems: "center", gap: "8px" },
  step: { justifyContent: "flex-start", minWidth: 0, flex: "1 1 auto" },
  branch: { margin: "4px 0", fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
});

/** The flow as a list of lists: the same steps as on the canvas, in the order in which they run. */
export function Outline() {
  const styles = useStyles();
  const { definition, document, palette, selected, select } = useDesigner();
  const trigger = triggerOf(definition);
  return (
    <div className={styles.place} role="group" aria-label={t("cloud.outlineLabel")}>
      <ol className={styles.list}>
        {trigger !== undefined && (
          <li className={styles.row}>
            <Button
              className={styles.step}
              appearance="subtle"
              data-card="trigger"
              aria-pressed={selected === "trigger"}
              icon={<StepIcon step={trigger.trigger} document={document} isTrigger />}
              onClick={() => select("trigger")}
            >
              {titleOf(trigger.trigger, { document, palette }, true) ?? shownName(trigger.name)}
            </Button>
          </li>
        )}
        <Steps branch={MAIN} />
      </ol>
    </div>
  );
}

function Steps({ branch }: { readonly branch: Branch }) {
  const styles = useStyles();
  const { definition, document, selected, select, run, readOnly, choose } = useDesigner();
  const actions = actionsIn(definition, branch);
  return (
    <>
      {inOrder(actions).map((name) => {
        const action = actions[name];
        if (!isObject(action)) return null;
        const ran = run?.properties.actions?.[name];
        const branches = branchesOf(name, action, [...branch.path, name]);
        return (
          <li key={name}>
            <div className={styles.row}>
              <Button
                className={styles.step}
                appearance="subtle"
                data-card={cardId(name)}
                aria-pressed={selected === cardId(name)}
                icon={<StepIcon step={action} document={document} />}
                onClick={() => select(cardId(name))}
              >
                {visible(shownName(name))}
              </Button>
              {ran !== undefined && <StatusBadge status={statusOf(ran.status)} />}
              {!readOnly && <StepMenu name={name} />}
            </div>
            {branches.map((inside) => (
              <div key={inside.path.join("/")} className={styles.inside}>
                {branches.length > 1 && <p className={styles.branch}>{visible(branchTitle(inside))}</p>}
                <ol className={styles.list} aria-label={spoken(branches.length > 1 ? branchTitle(inside) : shownName(name))}>
                  <Steps branch={inside} />
                </ol>
              </div>
            ))}
          </li>
        );
      })}
      {!readOnly && (
        <li>
          <Button
            className={mergeClasses(styles.row)}
            icon={<Add20Regular />}
            aria-label={branch.owner === undefined ? t("cloud.newStep") : t("cloud.insertInto", { branch: branch.kind === "actions" ? shownName(branch.owner) : branchTitle(branch) })}
            onClick={() => choose(endOf(definition, branch))}
          >
            {t(branch.owner === undefined ? "cloud.newStep" : "cloud.addAction")}
          </Button>
        </li>
      )}
    </>
  );
}
