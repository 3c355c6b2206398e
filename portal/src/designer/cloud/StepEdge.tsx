import { Button, Tooltip, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Add16Regular } from "@fluentui/react-icons";
import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import type { Place } from "@/designer/model/cloud/edits";
import { shownName } from "@/designer/model/cloud/making";
import { MAIN } from "@/designer/model/cloud/structure";
import { t, type TextKey } from "@/strings/text";
import { useDesigner } from "./context";
import { useDropZone } from "./dragging";
import type { StepEdgeType } from "./Canvas";

const useStyles = makeStyles({
  label: { position: "absolute", pointerEvents: "all", display: "flex", flexDirection: "column", alignItems: "center", gap: "2px" },
  add: { minWidth: "24px", width: "24px", height: "24px", padding: 0, boxShadow: tokens.shadow2 },
  zone: {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    width: "200px",
    height: "32px",
    boxSizing: "border-box",
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `2px dashed ${tokens.colorBrandStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  over: { backgroundColor: tokens.colorBrandBackground2Pressed, border: `2px solid ${tokens.colorBrandStroke1}` },
  statuses: {
    padding: "0 6px",
    borderRadius: tokens.borderRadiusMedium,
    fontSize: tokens.fontSizeBase100,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    whiteSpace: "nowrap",
  },
});

const NOWHERE: Place = { branch: MAIN, after: undefined };

/** Where a step that is held can be dropped. */
export function DropZone({ zone }: { readonly zone: ReturnType<typeof useDropZone> }) {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.zone, zone.state === "over" && styles.over)} data-drop={zone.name}>
      {t("cloud.dropHere")}
    </div>
  );
}

/** What leads from one step to the next, with a ＋ where a step can be put between. */
export function StepEdge({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data }: EdgeProps<StepEdgeType>) {
  const styles = useStyles();
  const { readOnly, choose } = useDesigner();
  const [path, x, y] = getSmoothStepPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, borderRadius: 8 });
  const edge = data?.edge;
  const zone = useDropZone(edge?.place ?? NOWHERE);
  if (edge === undefined) return null;
  const { after, before } = edge.place;
  const label =
    after === undefined
      ? t("cloud.insertBefore", { below: shownName(before ?? "") })
      : t("cloud.insertBetween", { above: shownName(after), below: shownName(before ?? "") });
  return (
    <>
      <BaseEdge path={path} style={{ stroke: tokens.colorNeutralStrokeAccessible, strokeWidth: 1.5 }} />
      <EdgeLabelRenderer>
        <div className={styles.label} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`, zIndex: 1001 }}>
          {zone.state !== "none" && before !== undefined && <DropZone zone={zone} />}
          {zone.state === "none" && edge.statuses.length > 0 && (
            <span className={styles.statuses}>
              {edge.statuses.map((one) => t(`cloud.status.${one}` as TextKey)).join(", ")}
            </span>
          )}
          {!readOnly && before !== undefined && zone.state === "none" && (
            <Tooltip content={label} relationship="label">
              <Button className={styles.add} size="small" shape="circular" icon={<Add16Regular />} onClick={() => choose(edge.place)} />
            </Tooltip>
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
