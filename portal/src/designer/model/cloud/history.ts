/** What can be undone: the states before and after the one that is shown. */

export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
  /** What the last change was to; changes to the same thing in a row are undone together. */
  readonly subject: string | undefined;
}

export function begin<State>(present: State): History<State> {
  return { past: [], present, future: [], subject: undefined };
}

export function change<State>(history: History<State>, present: State, subject?: string): History<State> {
  if (present === history.present) return history;
  const together = subject !== undefined && subject === history.subject;
  return { past: together ? history.past : [...history.past, history.present], present, future: [], subject };
}

export function undo<State>(history: History<State>): History<State> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future], subject: undefined };
}

export function redo<State>(history: History<State>): History<State> {
  const [after, ...rest] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.present], present: after, future: rest, subject: undefined };
}
