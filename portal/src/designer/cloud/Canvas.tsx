import { Button, Tooltip, ToggleButton, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Map20Regular, Search20Regular, ZoomFit20Regular, ZoomIn20Regular, ZoomOut20Regular } from "@fluentui/react-icons";
import { MiniMap, Panel, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t } from "@/strings/text";
import { layOut, type PlacedCard, type PlacedEdge } from "@/designer/model/cloud/layout";
import { useDesigner } from "./context";
import { BranchNode, CardNode, EndNode, GroupNode } from "./cards";
import { DragProvider, useDragging } from "./dragging";
import { StepEdge } from "./StepEdge";
import { useCanvasKeys } from "./canvasKeys";

const useStyles = makeStyles({
  canvas: {
    height: "100%",
    width: "100%",
    backgroundColor: tokens.colorNeutralBackground3,
    backgroundImage: `radial-gradient(${tokens.colorNeutralStroke2} 1px, transparent 1px)`,
    backgroundSize: "20px 20px",
    "& .react-flow__node": { cursor: "default" },
    "& .react-flow__minimap": {
      backgroundColor: tokens.colorNeutralBackground1,
      border: `1px solid ${tokens.colorNeutralStroke2}`,
      borderRadius: tokens.borderRadiusMedium,
    },
  },
  dragging: { userSelect: "none", "& *": { cursor: "grabbing !important" } },
  tools: {
    display: "flex",
    gap: "2px",
    padding: "2px",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow4,
    "@media (forced-colors: active)": { border: "1px solid" },
  },
});

export type CardNodeType = Node<{ readonly card: PlacedCard }>;
export type StepEdgeType = Edge<{ readonly edge: PlacedEdge }>;

const nodeTypes = { trigger: CardNode, card: CardNode, holder: GroupNode, branch: BranchNode, end: EndNode };
const edgeTypes = { step: StepEdge };

/** The flow as cards that follow each other. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <DragProvider>
        <CanvasInside />
      </DragProvider>
    </ReactFlowProvider>
  );
}

function CanvasInside() {
  const styles = useStyles();
  const { definition, folded, selected, select } = useDesigner();
  const layout = useMemo(() => layOut(definition, folded), [definition, folded]);
  const nodes = useMemo(() => layout.cards.map(nodeOf), [layout]);
  const edges = useMemo(() => layout.edges.map(edgeOf), [layout]);
  const [map, setMap] = useState(false);
  const onKeyDown = useCanvasKeys(layout);
  const { held } = useDragging();
  return (
    <div className={mergeClasses(styles.canvas, held !== undefined && styles.dragging)} onKeyDown={onKeyDown} role="group" aria-label={t("cloud.canvasLabel")}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        zoomOnDoubleClick={false}
        panOnScroll
        minZoom={0.2}
        maxZoom={1.5}
        onlyRenderVisibleElements={nodes.length > 400}
        proOptions={{ hideAttribution: true }}
        onPaneClick={() => select(undefined)}
      >
        <FirstView width={layout.width} />
        <ViewKeeper selected={selected} cards={layout.cards} />
        <Panel position="bottom-left">
          <Tools map={map} onMap={() => setMap(!map)} />
        </Panel>
        {map && <MiniMap pannable zoomable position="bottom-right" ariaLabel={t("cloud.map")} nodeColor={tokens.colorNeutralBackground5} />}
      </ReactFlow>
    </div>
  );
}

function nodeOf(card: PlacedCard): CardNodeType {
  return {
    id: card.id,
    // The library draws a frame of its own around what it calls a group.
    type: card.kind === "group" ? "holder" : card.kind,
    position: { x: card.x, y: card.y },
    width: card.width,
    height: card.height,
    zIndex: 2 * card.depth + (card.kind === "group" ? 1 : 3),
    // Nodes that are neither dragged nor selected would leave the mouse to the canvas behind them.
    style: { pointerEvents: "all" },
    data: { card },
  };
}

/** Edges lie upon the frame that they are in, and below the cards that they lead to, whose order tells what they show. */
function edgeOf(edge: PlacedEdge): StepEdgeType {
  return { id: edge.id, type: "step", source: edge.from, target: edge.to, zIndex: 2 * edge.depth, ariaLabel: t("cloud.edge"), data: { edge } };
}

/** Begin with the trigger at the top, in the middle, at its natural size. */
function FirstView({ width }: { readonly width: number }) {
  const { setViewport } = useReactFlow();
  const [place] = useState(() => width);
  useEffect(() => {
    const canvas = document.querySelector(".react-flow");
    const zoom = Math.min(1, Math.max(0.5, ((canvas?.clientWidth ?? 800) - 64) / place));
    void setViewport({ x: (canvas?.clientWidth ?? 800) / 2, y: 32, zoom });
  }, [place, setViewport]);
  return null;
}

interface ViewKeeperProps {
  readonly selected: string | undefined;
  readonly cards: readonly PlacedCard[];
}

/**
 * Keep what stands in the middle there when panes beside the canvas open and close, and bring a step that was chosen
 * elsewhere into view. A choice opens a pane as well: the view is made to fit its room before the step is looked for.
 */
function ViewKeeper({ selected, cards }: ViewKeeperProps) {
  const { getViewport, setViewport } = useReactFlow();
  const width = useRef<number>(undefined);
  const keepMiddle = useCallback(() => {
    const room = document.querySelector(".react-flow")?.clientWidth;
    const { x, y, zoom } = getViewport();
    const moved = { x: x + ((room ?? 0) - (width.current ?? room ?? 0)) / 2, y, zoom };
    if (moved.x !== x) void setViewport(moved);
    width.current = room;
    return moved;
  }, [getViewport, setViewport]);
  useEffect(() => {
    const canvas = document.querySelector(".react-flow");
    if (canvas === null) return;
    width.current ??= canvas.clientWidth;
    const observer = new ResizeObserver(keepMiddle);
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [keepMiddle]);
  useEffect(() => {
    const card = cards.find((one) => one.id === selected);
    const canvas = document.querySelector(".react-flow");
    if (card === undefined || canvas === null) return;
    const { x, y, zoom } = keepMiddle();
    const left = card.x * zoom + x;
    const top = card.y * zoom + y;
    const right = left + Math.min(card.width, 280) * zoom;
    const isSeen = left >= 0 && top >= 0 && right <= canvas.clientWidth && top + 56 * zoom <= canvas.clientHeight;
    if (isSeen) return;
    const middle = card.x + card.width / 2;
    void setViewport({ x: canvas.clientWidth / 2 - middle * zoom, y: canvas.clientHeight / 3 - card.y * zoom, zoom });
    // Only a new choice moves the view, not each change of the flow.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);
  return null;
}

function Tools({ map, onMap }: { readonly map: boolean; readonly onMap: () => void }) {
  const styles = useStyles();
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const { find } = useDesigner();
  return (
    <div className={styles.tools} role="toolbar" aria-label={t("cloud.view")}>
      <Tooltip content={t("cloud.zoomIn")} relationship="label">
        <Button appearance="subtle" icon={<ZoomIn20Regular />} onClick={() => void zoomIn()} />
      </Tooltip>
      <Tooltip content={t("cloud.zoomOut")} relationship="label">
        <Button appearance="subtle" icon={<ZoomOut20Regular />} onClick={() => void zoomOut()} />
      </Tooltip>
      <Tooltip content={t("cloud.fit")} relationship="label">
        <Button appearance="subtle" icon={<ZoomFit20Regular />} onClick={() => void fitView({ maxZoom: 1 })} />
      </Tooltip>
      <Tooltip content={t("cloud.map")} relationship="label">
        <ToggleButton appearance="subtle" icon={<Map20Regular />} checked={map} onClick={onMap} />
      </Tooltip>
      <Tooltip content={`${t("cloud.find")} (Ctrl+F)`} relationship="label">
        <Button appearance="subtle" icon={<Search20Regular />} onClick={find} />
      </Tooltip>
    </div>
  );
}
