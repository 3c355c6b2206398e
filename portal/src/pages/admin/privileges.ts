const RIGHTS = ["Create", "Read", "Write", "Delete", "AppendTo", "Append", "Assign", "Share"] as const;

export type Right = (typeof RIGHTS)[number];

/** The rights in the order in which they are shown. */
export const SHOWN_RIGHTS: readonly Right[] = ["Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share"];

export interface TablePrivileges {
  readonly table: string;
  /** How far each right reaches. */
  readonly depths: Readonly<Partial<Record<Right, number>>>;
}

/** The privileges of a role by table: `prvReadworkflow` is the right to read workflows. */
export function byTable(privileges: Readonly<Record<string, number>>): readonly TablePrivileges[] {
  const tables = new Map<string, Partial<Record<Right, number>>>();
  for (const [name, depth] of Object.entries(privileges)) {
    const right = RIGHTS.find((one) => name.startsWith(`prv${one}`));
    if (right === undefined) continue;
    const table = name.slice(3 + right.length);
    tables.set(table, { ...tables.get(table), [right]: depth });
  }
  return [...tables].map(([table, depths]) => ({ table, depths })).sort((a, b) => a.table.localeCompare(b.table));
}
