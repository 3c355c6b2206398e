/** Lists as files. */
import type { Column, Source, View } from "./model";

export const MOST_EXPORTED = 10_000;
const PAGE = 500;

/** Read every row that a view shows, up to a bound. */
export async function allRows<Row>(
  source: Source<Row>,
  view: View,
  onProgress: (count: number) => void,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  let after: string | null = null;
  do {
    const page: { items: readonly Row[]; next: string | null } = await source.load(view, after, PAGE, signal);
    found.push(...page.items);
    after = page.next;
    onProgress(found.length);
  } while (after !== null && found.length < MOST_EXPORTED);
  return found.slice(0, MOST_EXPORTED);
}

/** Rows as CSV. What a spreadsheet would take for a formula is marked as text. */
export function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map((column) => cell(column.header)), ...rows.map((row) => columns.map((column) => cell(column.text(row))))];
  return lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as JSON, by the ids of columns. */
export function json<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map((column) => [column.id, column.text(row)])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** Give a text to the browser as a file. */
export function download(name: string, type: string, content: string): void {
  give(name, new Blob([content], { type }));
}

/** Give bytes to the browser as a file. */
export function downloadBytes(name: string, type: string, content: Uint8Array<ArrayBuffer>): void {
  give(name, new Blob([content], { type }));
}

function give(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
