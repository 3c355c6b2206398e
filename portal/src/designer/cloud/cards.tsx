/** The cards of the canvas. */
import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Add20Regular, ChevronDown20Regular, ChevronUp20Regular } from "@fluentui/react-icons";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import type { ReactNode } from "react";
import { StatusBadge } from "@/components/StatusBadge";
import { duration } from "@/format/duration";
import { endOf } from "@/designer/model/cloud/edits";
import { objectOf, valueAt, type JsonObject } from "@/designer/model/cloud/json";
import type { PlacedCard } from "@/designer/model/cloud/layout";
import { shownName, typed } from "@/designer/model/cloud/making";
import { actionsIn, findStep, isLoop, typeOf } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { branchTitle } from "./branchTitle";
import type { CardNodeType } from "./Canvas";
import { useDesigner } from "./context";
import { useDragging, useDropZone } from "./dragging";
import { lengthOf, statusOf, type RunAction } from "./runs";
import { StepIcon } from "./StepIcon";
import { DropZone } from "./StepEdge";
import { StepMenu } from "./StepMenu";
import { subtitleOf, titleOf } from "./subtitle";

const useStyles = makeStyles({
  handle: { opacity: 0, pointerEvents: "none", minWidth: 0, minHeight: 0, width: "1px", height: "1px", border: "none" },
  card: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    width: "100%",
    height: "100%",
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderLeft: `4px solid ${tokens.colorBrandStroke1}`,
    borderRadius: "8px",
    boxShadow: tokens.shadow4,
    paddingInlineEnd: "4px",
  },
  trigger: { borderLeftColor: tokens.colorPaletteBerryBorderActive },
  chosen: { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: "1px" },
  failed: { borderTopColor: tokens.colorPaletteRedBorderActive, borderRightColor: tokens.colorPaletteRedBorderActive, borderBottomColor: tokens.colorPaletteRedBorderActive },
  main: {
    flex: "1 1 auto",
    minWidth: 0,
    height: "100%",
    display: "flex",
    alignItems: "center",
    gap: "10px",
    padding: "0 8px 0 10px",
    border: "none",
    background: "none",
    color: tokens.colorNeutralForeground1,
    font: "inherit",
    textAlign: "start",
    borderRadius: "8px",
    cursor: "pointer",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  icon: { flexShrink: 0, display: "flex", color: tokens.colorBrandForeground1 },
  texts: { minWidth: 0, display: "flex", flexDirection: "column" },
  title: { fontWeight: tokens.fontWeightSemibold, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  subtitle: {
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  badge: {
    position: "absolute",
    // Half below the card, where it reaches neither the title nor a ＋.
    bottom: "-17px",
    right: "8px",
    display: "flex",
    gap: "6px",
    alignItems: "center",
    padding: "1px 8px 1px 4px",
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusCircular,
  },
  group: {
    width: "100%",
    height: "100%",
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground2,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: "8px",
  },
  groupHead: { height: "48px", borderBottomLeftRadius: 0, borderBottomRightRadius: 0, boxShadow: "none" },
  branch: {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    height: "100%",
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1Selected,
    borderRadius: "8px",
    padding: "0 8px",
    overflow: "hidden",
    whiteSpace: "nowrap",
    textOverflow: "ellipsis",
  },
  end: { display: "flex", justifyContent: "center", height: "100%" },
});

function Handles() {
  const styles = useStyles();
  return (
    <>
      <Handle type="target" position={Position.Top} className={styles.handle} isConnectable={false} />
      <Handle type="source" position={Position.Bottom} className={styles.handle} isConnectable={false} />
    </>
  );
}

export function CardNode({ data: { card } }: NodeProps<CardNodeType>) {
  return (
    <>
      <Handles />
      <Card card={card} />
    </>
  );
}

export function GroupNode({ data: { card } }: NodeProps<CardNodeType>) {
  const styles = useStyles();
  return (
    <div className={styles.group}>
      <Handles />
      <Card card={card} className={styles.groupHead} />
    </div>
  );
}

interface CardProps {
  readonly card: PlacedCard;
  readonly className?: string;
}

function Card({ card, className }: CardProps) {
  const styles = useStyles();
  const { definition, document, palette, selected, select, run, fold, readOnly } = useDesigner();
  const { take } = useDragging();
  const isTrigger = card.kind === "trigger";
  const step = isTrigger ? objectOf(objectOf(definition["triggers"])[card.name]) : findStep(definition, card.name)?.action;
  if (step === undefined) return null;
  const ran = isTrigger ? run?.properties.trigger : run?.properties.actions?.[card.name];
  const title = (isTrigger ? titleOf(step, { document, palette }, true) : undefined) ?? shownName(card.name);
  const holds = card.kind === "group" || card.folded;
  return (
    <div
      className={mergeClasses(
        styles.card,
        isTrigger && styles.trigger,
        ran?.status === "Failed" && styles.failed,
        selected === card.id && styles.chosen,
        className,
      )}
    >
      <button
        type="button"
        className={mergeClasses(styles.main, "nopan")}
        data-card={card.id}
        aria-pressed={selected === card.id}
        onPointerDown={(event) => !isTrigger && take(card.name, event)}
        onClick={() => select(card.id)}
      >
        <span className={styles.icon}>
          <StepIcon step={step} document={document} isTrigger={isTrigger} />
        </span>
        <span className={styles.texts}>
          <span className={styles.title} dir="auto" title={visible(title)}>
            {visible(title)}
          </span>
          <Subtitle card={card} step={step} />
        </span>
      </button>
      {ran !== undefined && <RunBadge ran={ran} />}
      {holds && (
        <Button
          appearance="subtle"
          size="small"
          className="nopan"
          icon={card.folded ? <ChevronDown20Regular /> : <ChevronUp20Regular />}
          aria-label={t(card.folded ? "cloud.unfold" : "cloud.fold", { name: shownName(card.name) })}
          aria-expanded={!card.folded}
          onClick={() => fold(card.name)}
        />
      )}
      {!isTrigger && !readOnly && <StepMenu name={card.name} />}
    </div>
  );
}

function Subtitle({ card, step }: { readonly card: PlacedCard; readonly step: JsonObject }) {
  const styles = useStyles();
  const { document, palette, desktopFlows, definition } = useDesigner();
  const text = subtitleOf(card, step, { document, palette, desktopFlows, definition });
  if (text === "") return null;
  return (
    <span className={styles.subtitle} dir="auto" title={visible(text)}>
      {visible(text)}
    </span>
  );
}

function RunBadge({ ran }: { readonly ran: RunAction }) {
  const styles = useStyles();
  const length = lengthOf(ran);
  const times = ran.repetitionCount;
  return (
    <span className={styles.badge} data-run-badge>
      <StatusBadge status={statusOf(ran.status)} />
      {times !== undefined && <span>× {times}</span>}
      {length !== undefined && length > 0 && ran.status !== "Skipped" && <span>{duration(length)}</span>}
    </span>
  );
}

export function BranchNode({ data: { card } }: NodeProps<CardNodeType>) {
  const styles = useStyles();
  const { definition } = useDesigner();
  const label = branchTitle(card.branch);
  const value = card.branch.kind === "case" ? valueAt(definition, [...card.branch.path.slice(0, -1), "case"]) : undefined;
  return (
    <div className={styles.branch} dir="auto">
      <Handles />
      {visible(value === undefined || value === "" ? label : `${label}: ${typed(value)}`)}
    </div>
  );
}

export function EndNode({ data: { card } }: NodeProps<CardNodeType>) {
  const styles = useStyles();
  const { definition, readOnly, choose } = useDesigner();
  const owner = card.branch.owner;
  const step = owner === undefined ? undefined : findStep(definition, owner)?.action;
  const isEmpty = Object.keys(actionsIn(definition, card.branch)).length === 0;
  const zone = useDropZone(endOf(definition, card.branch));
  let button: ReactNode = null;
  if (zone.state !== "none") button = <DropZone zone={zone} />;
  else if (!readOnly) {
    const label = owner === undefined ? t("cloud.newStep") : t("cloud.addAction");
    const named = step !== undefined && (isLoop(step) || typeOf(step) === "scope") ? shownName(owner ?? "") : branchTitle(card.branch);
    button = (
      <Button
        className="nopan"
        appearance={owner === undefined ? "primary" : "secondary"}
        icon={<Add20Regular />}
        aria-label={owner === undefined ? label : t("cloud.insertInto", { branch: named })}
        onClick={() => choose(endOf(definition, card.branch))}
      >
        {label}
      </Button>
    );
  }
  return (
    <div className={styles.end} data-empty={isEmpty}>
      <Handles />
      {button}
    </div>
  );
}
