/** Where the cards of a definition stand. Computed from the definition alone, and never stored. */
import { isObject, type JsonObject } from "./json";
import type { Place } from "./edits";
import { actionsIn, branchesOf, lastOf, layersOf, MAIN, runAfterOf, triggerOf, typeOf, type Branch } from "./structure";

export const CARD = { width: 280, height: 56 };
const GAP = { x: 32, y: 64 };
const HEAD = 48;
const INSET = 20;
const BRANCH_HEAD = 36;
const EMPTY = { width: CARD.width, height: 32 };

export interface PlacedCard {
  readonly kind: "trigger" | "card" | "group" | "branch" | "end";
  /** The step's name; for a branch and its end that of its owner. */
  readonly name: string;
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly branch: Branch;
  /** Whether what is within it is hidden. */
  readonly folded: boolean;
}

export interface PlacedEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Where a new step on it goes; undefined for one that takes none. */
  readonly place: Place;
  readonly depth: number;
  /** The statuses that it waits for, if they are others than success alone. */
  readonly statuses: readonly string[];
}

export interface Layout {
  readonly cards: readonly PlacedCard[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

interface Block {
  readonly width: number;
  readonly height: number;
  readonly place: (x: number, y: number, sink: Sink) => void;
}

interface Sink {
  readonly cards: PlacedCard[];
  readonly edges: PlacedEdge[];
}

export const cardId = (name: string) => `step:${name}`;
const branchId = (branch: Branch) => `branch:${branch.path.join("/")}`;
const endId = (branch: Branch) => `end:${branch.path.join("/")}`;

/** Return where everything stands; the actions in `folded` hide what is within them. */
export function layOut(definition: JsonObject, folded: ReadonlySet<string>): Layout {
  const trigger = triggerOf(definition);
  const main = branchBlock(definition, MAIN, 0, folded, trigger === undefined ? undefined : "trigger");
  const width = Math.max(main.width, CARD.width);
  // The middle stands at 0, so that what is there stays where it is when the flow grows wider.
  const sink: Sink = { cards: [], edges: [] };
  let top = 0;
  if (trigger !== undefined) {
    const card = { kind: "trigger", name: trigger.name, id: "trigger", depth: 0, branch: MAIN, folded: false } as const;
    sink.cards.push({ ...card, x: -CARD.width / 2, y: 0, ...CARD });
    top = CARD.height + GAP.y;
  }
  main.place(-main.width / 2, top, sink);
  return { ...sink, width, height: top + main.height };
}

function branchBlock(
  definition: JsonObject,
  branch: Branch,
  depth: number,
  folded: ReadonlySet<string>,
  head: string | undefined,
): Block {
  const actions = actionsIn(definition, branch);
  const rows = layersOf(actions).map((names) => {
    const blocks = names.map((name) => ({ name, block: stepBlock(definition, branch, name, depth, folded) }));
    const width = blocks.reduce((sum, one) => sum + one.block.width, 0) + GAP.x * (blocks.length - 1);
    return { blocks, width, height: Math.max(...blocks.map((one) => one.block.height)) };
  });
  const width = Math.max(EMPTY.width, ...rows.map((row) => row.width));
  const height = rows.reduce((sum, row) => sum + row.height + GAP.y, 0) + EMPTY.height;
  return {
    width,
    height,
    place: (x, y, sink) => {
      let top = y;
      for (const row of rows) {
        let left = x + (width - row.width) / 2;
        for (const { block } of row.blocks) {
          block.place(left, top, sink);
          left += block.width + GAP.x;
        }
        top += row.height + GAP.y;
      }
      const end = { kind: "end", name: branch.owner ?? "", id: endId(branch), depth, branch, folded: false } as const;
      sink.cards.push({ ...end, x: x + (width - EMPTY.width) / 2, y: top, ...EMPTY });
      sink.edges.push(...edgesOf(actions, branch, head).map((edge) => ({ ...edge, depth })));
    },
  };
}

function edgesOf(actions: JsonObject, branch: Branch, head: string | undefined): readonly Omit<PlacedEdge, "depth">[] {
  const edges: Omit<PlacedEdge, "depth">[] = [];
  for (const [name, action] of Object.entries(actions)) {
    const runAfter = Object.entries(runAfterOf(action)).filter(([one]) => Object.hasOwn(actions, one));
    for (const [above, statuses] of runAfter) {
      const place: Place = { branch, after: above, before: name };
      edges.push({ id: `${above}→${name}`, from: cardId(above), to: cardId(name), place, statuses: unusual(statuses) });
    }
    if (runAfter.length === 0 && head !== undefined) {
      const place: Place = { branch, after: undefined, before: name };
      edges.push({ id: `${head}→${name}`, from: head, to: cardId(name), place, statuses: [] });
    }
  }
  const last = lastOf(actions);
  for (const name of last) {
    const place: Place = { branch, after: name };
    edges.push({ id: `${name}→${endId(branch)}`, from: cardId(name), to: endId(branch), place, statuses: [] });
  }
  if (last.length === 0 && head !== undefined) {
    edges.push({ id: `${head}→${endId(branch)}`, from: head, to: endId(branch), place: { branch, after: undefined }, statuses: [] });
  }
  return edges;
}

function unusual(statuses: unknown): readonly string[] {
  const listed = Array.isArray(statuses) ? statuses.map(String) : [];
  return listed.length === 1 && /^succeeded$/i.test(listed[0] ?? "") ? [] : listed;
}

function stepBlock(
  definition: JsonObject,
  branch: Branch,
  name: string,
  depth: number,
  folded: ReadonlySet<string>,
): Block {
  const action = actionsIn(definition, branch)[name];
  const inside = isObject(action) ? branchesOf(name, action, [...branch.path, name]) : [];
  const one = { name, id: cardId(name), depth, branch };
  if (inside.length === 0 || folded.has(name)) {
    return {
      ...CARD,
      place: (x, y, sink) => void sink.cards.push({ ...one, kind: "card", x, y, ...CARD, folded: inside.length > 0 }),
    };
  }
  const labelled = isObject(action) && ["if", "switch"].includes(typeOf(action));
  const headHeight = labelled ? BRANCH_HEAD + GAP.y / 2 : 0;
  const columns = inside.map((each) => ({
    branch: each,
    block: branchBlock(definition, each, depth + 1, folded, labelled ? branchId(each) : undefined),
  }));
  const width = columns.reduce((sum, each) => sum + each.block.width + INSET * 2, 0);
  const height = HEAD + headHeight + Math.max(...columns.map((each) => each.block.height)) + INSET * 2;
  return {
    width,
    height,
    place: (x, y, sink) => {
      sink.cards.push({ ...one, kind: "group", x, y, width, height, folded: false });
      let left = x + INSET;
      for (const { branch: each, block } of columns) {
        const top = y + HEAD + INSET;
        if (labelled) {
          const card = { kind: "branch", name, id: branchId(each), depth: depth + 1, branch: each, folded: false } as const;
          sink.cards.push({ ...card, x: left, y: top, width: block.width, height: BRANCH_HEAD });
        }
        block.place(left, top + headHeight, sink);
        left += block.width + INSET * 2;
      }
    },
  };
}
