/** Dragging a step: from its card to one of the places that open while it is held. */
import { makeStyles, tokens } from "@fluentui/react-components";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type PointerEvent as ReactPointerEvent, type ReactNode } from "react";
import { mayMove, moveStep, type Place } from "@/designer/model/cloud/edits";
import { cardId } from "@/designer/model/cloud/layout";
import { shownName } from "@/designer/model/cloud/making";
import { findStep, type Step } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { focusStep } from "./canvasKeys";
import { useDesigner } from "./context";

const LEAST_WAY = 6;

const useStyles = makeStyles({
  held: {
    position: "fixed",
    zIndex: 2000,
    pointerEvents: "none",
    padding: "6px 12px",
    maxWidth: "260px",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorBrandStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow16,
  },
});

interface Held {
  readonly step: Step;
  /** The place under the pointer, as it is named on the page. */
  readonly over: string | undefined;
}

interface Dragging {
  readonly held: Held | undefined;
  /** Take hold of a step. */
  readonly take: (name: string, event: ReactPointerEvent) => void;
}

const DraggingContext = createContext<Dragging>({ held: undefined, take: () => undefined });

/** Places are named on the page by themselves. */
const nameOf = (place: Place) => JSON.stringify(place);
const readPlace = (name: string) => JSON.parse(name) as Place;

export function DragProvider({ children }: { readonly children: ReactNode }) {
  const styles = useStyles();
  const { definition, edit, select, readOnly } = useDesigner();
  const [begun, setBegun] = useState<{ readonly name: string; readonly x: number; readonly y: number }>();
  const [held, setHeld] = useState<Held>();
  const [pointer, setPointer] = useState({ x: 0, y: 0 });
  const latest = useRef({ held, definition });
  useEffect(() => {
    latest.current = { held, definition };
  });
  useEffect(() => {
    if (begun === undefined) return;
    const leave = () => {
      setBegun(undefined);
      setHeld(undefined);
    };
    const move = ({ clientX: x, clientY: y }: PointerEvent) => {
      const step = findStep(latest.current.definition, begun.name);
      if (step === undefined || (latest.current.held === undefined && Math.hypot(x - begun.x, y - begun.y) < LEAST_WAY)) return;
      const over = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop]")?.dataset["drop"];
      setPointer({ x, y });
      setHeld((before) => (before?.step === step && before.over === over ? before : { step, over }));
    };
    const drop = () => {
      const { held: last } = latest.current;
      leave();
      if (last === undefined) return;
      const place = last.over === undefined ? undefined : readPlace(last.over);
      if (place === undefined) return;
      edit((before) => moveStep(before, last.step.name, place));
      select(cardId(last.step.name));
      focusStep(last.step.name);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", leave);
    window.addEventListener("keydown", escape, true);
    return () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", leave);
      window.removeEventListener("keydown", escape, true);
    };
  }, [begun, edit, select]);
  const take = useCallback(
    (name: string, event: ReactPointerEvent) => {
      if (!readOnly && event.button === 0 && event.pointerType !== "touch") setBegun({ name, x: event.clientX, y: event.clientY });
    },
    [readOnly],
  );
  const dragging = useMemo(() => ({ held, take }), [held, take]);
  return (
    <DraggingContext.Provider value={dragging}>
      {children}
      {held !== undefined && (
        <div className={styles.held} style={{ left: pointer.x + 12, top: pointer.y + 12 }} role="status">
          {t("cloud.moving", { name: shownName(held.step.name) })}
        </div>
      )}
    </DraggingContext.Provider>
  );
}

export const useDragging = () => useContext(DraggingContext);

/** Return what a place shows of a step that is held: nothing, that it takes it, or that it would get it now. */
export function useDropZone(place: Place): { readonly state: "none" | "open" | "over"; readonly name: string | undefined } {
  const { held } = useDragging();
  if (held === undefined || !mayMove(held.step, place)) return { state: "none", name: undefined };
  const name = nameOf(place);
  return { state: held.over === name ? "over" : "open", name };
}
