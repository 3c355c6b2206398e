/** Values of a run's variables, as people look at them and type them. */

/** How a value is shown: as a grid, as a tree, or as text. */
export type Shape =
  | { readonly kind: "grid"; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: "tree" }
  | { readonly kind: "text"; readonly text: string };

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists whose items all have the same names are grids, like data tables; other lists and objects are trees. */
export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) {
    const grid = gridOf(value as readonly unknown[]);
    return grid ?? { kind: "tree" };
  }
  if (isObject(value)) return { kind: "tree" };
  return { kind: "text", text: typeof value === "string" ? value : plain(value) };
}

function gridOf(items: readonly unknown[]): Shape | undefined {
  const [first] = items;
  if (!isObject(first)) return undefined;
  const columns = Object.keys(first);
  const isTable = columns.length > 0 && items.every((one) => isObject(one) && Object.keys(one).length === columns.length && columns.every((name) => name in one));
  if (!isTable) return undefined;
  return { kind: "grid", columns, rows: items.map((one) => columns.map((name) => (one as Readonly<Record<string, unknown>>)[name])) };
}

/** A value on one line. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What a field shows of a value that is to be changed; typed into a field of an action it would mean the same. */
export function typed(value: unknown): string {
  if (typeof value === "string") return value.replaceAll("%", "%%");
  return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : plain(value);
}
