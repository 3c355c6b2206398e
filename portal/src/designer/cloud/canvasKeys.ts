/** The keys of the canvas: arrows walk the graph, and each thing that is done with a mouse has its key. */
import type { KeyboardEvent } from "react";
import { cardId, type Layout, type PlacedCard } from "@/designer/model/cloud/layout";
import { addPlace, useStepCommands } from "./stepCommands";
import { useDesigner } from "./context";

export function useCanvasKeys(layout: Layout): (event: KeyboardEvent) => void {
  const designer = useDesigner();
  const commands = useStepCommands();
  return (event) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-card]")?.dataset["card"];
    const card = layout.cards.find((one) => one.id === id);
    if (card === undefined || (card.kind === "branch" && !event.key.startsWith("Arrow"))) return;
    const command = event.ctrlKey || event.metaKey;
    const act = (does: () => void) => {
      event.preventDefault();
      does();
    };
    if (event.key.startsWith("Arrow") && event.altKey && card.kind !== "trigger") {
      if (event.key === "ArrowUp") act(() => commands.shift(card.name, -1));
      if (event.key === "ArrowDown") act(() => commands.shift(card.name, 1));
    } else if (event.key.startsWith("Arrow")) {
      const next = neighbour(layout, card, event.key);
      if (next !== undefined) act(() => focusCard(next.id));
    } else if (designer.readOnly) return;
    else if (event.key === "Enter" && command) act(() => designer.choose(addPlace(designer.definition, card)));
    else if (event.key === "Delete" && card.kind !== "trigger") act(() => commands.remove(card.name));
    else if (event.key.toLowerCase() === "c" && command && card.kind !== "trigger") act(() => commands.copy(card.name));
    else if (event.key.toLowerCase() === "x" && command && card.kind !== "trigger") act(() => commands.cut(card.name));
    else if (event.key.toLowerCase() === "v" && command) act(() => commands.paste(addPlace(designer.definition, card)));
  };
}

/** Return the card in a direction: along the edges up and down, beside it left and right. */
function neighbour(layout: Layout, card: PlacedCard, key: string): PlacedCard | undefined {
  const cards = layout.cards.filter((one) => one.kind !== "end" && one.kind !== "branch" && one.id !== card.id);
  const middle = (one: PlacedCard) => one.x + one.width / 2;
  const ranked = (fits: (one: PlacedCard) => boolean, far: (one: PlacedCard) => number) =>
    cards.filter(fits).sort((left, right) => far(left) - far(right))[0];
  const across = (one: PlacedCard) => Math.abs(middle(one) - middle(card));
  switch (key) {
    case "ArrowDown":
      return ranked((one) => one.y > card.y, (one) => (one.y - card.y) * 2 + across(one));
    case "ArrowUp":
      return ranked((one) => one.y < card.y, (one) => (card.y - one.y) * 2 + across(one));
    case "ArrowRight":
      return ranked((one) => middle(one) > middle(card) && one.depth >= 1, (one) => across(one) + Math.abs(one.y - card.y) * 4);
    case "ArrowLeft":
      return ranked((one) => middle(one) < middle(card) && one.depth >= 1, (one) => across(one) + Math.abs(one.y - card.y) * 4);
    default:
      return undefined;
  }
}

export function focusCard(id: string): void {
  document.querySelector<HTMLElement>(`[data-card=${CSS.escape(id)}]`)?.focus();
}

/** Put the focus on a step's card as soon as it is there. */
export function focusStep(name: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => focusCard(cardId(name))));
}
