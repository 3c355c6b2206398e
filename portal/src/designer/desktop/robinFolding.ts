/** Folding of blocks and regions in the text of a subflow. */
import { foldService, syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";

/** How far an end is looked for. */
const FAR = 10_000;

const BLOCK = { within: /string|comment/, opens: /^\s*(DISABLE\s+)?(IF|LOOP|SWITCH|BLOCK|ON\s+(BLOCK\s+)?ERROR)\b/i, closes: /^\s*(DISABLE\s+)?END\b/i };
/** Marks of regions are comments themselves. */
const REGION = { within: /string/, opens: /^\s*\*\*REGION\b/i, closes: /^\s*\*\*ENDREGION\b/i };

/** The part of the text that folds away below a line; null where the line opens nothing. */
export function foldAt(state: EditorState, from: number): { from: number; to: number } | null {
  const { doc } = state;
  const opening = doc.lineAt(from);
  const pair = [BLOCK, REGION].find((one) => one.opens.test(opening.text));
  if (pair === undefined || opening.number === doc.lines || pair.within.test(nameAt(state, opening.from + indentOf(opening.text)))) return null;
  let depth = 1;
  let end = opening.to;
  let at = opening.to + 1;
  const lines = doc.iterLines(opening.number + 1, Math.min(doc.lines, opening.number + FAR) + 1);
  for (const text of lines) {
    const step = pair.opens.test(text) ? 1 : pair.closes.test(text) ? -1 : 0;
    if (step !== 0 && !pair.within.test(nameAt(state, at + indentOf(text)))) depth += step;
    if (depth === 0) return end === opening.to ? null : { from: opening.to, to: end };
    end = at + text.length;
    at = end + 1;
  }
  return null;
}

/** What stands at a place: within a text or a comment, words mean nothing. */
function nameAt(state: EditorState, at: number): string {
  return syntaxTree(state).resolveInner(at, 1).name;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

export const robinFolding: Extension = foldService.of((state, from) => foldAt(state, from));
