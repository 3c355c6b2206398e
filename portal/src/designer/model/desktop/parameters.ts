/** Declaring inputs and outputs. */
import type { FlowVariable } from "@/api/portal";
import type { Document } from "./document";

export const PARAMETER_TYPES = ["String", "Numeric", "Boolean", "List", "Datatable", "CustomObject", "DateTime"] as const;

export interface NewParameter {
  readonly role: "input" | "output";
  readonly name: string;
  readonly type: (typeof PARAMETER_TYPES)[number];
  readonly description: string;
  readonly sensitive: boolean;
}

/** Whether a variable can have a name. */
export function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text);
}

/** The variable that another would become one with under a name, and whether that is no way to go. */
export function clash(variables: readonly FlowVariable[], renamed: FlowVariable, name: string): { readonly merged: FlowVariable | undefined; readonly isRefused: boolean } {
  const isSame = (one: FlowVariable, other: string) => one.name.toLowerCase() === other.toLowerCase();
  if (isSame(renamed, name)) return { merged: undefined, isRefused: false };
  const alike = variables.filter((one) => isSame(one, name));
  const declared = alike.find((one) => one.role !== "flow");
  return { merged: declared ?? alike[0], isRefused: declared !== undefined && renamed.role !== "flow" };
}

/** The document with one more input or output. */
export function declare(document: Document, { role, name, type, description, sensitive }: NewParameter): Document {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const properties = `{ 'Description': ${quoted(description)}, 'FriendlyName': ${quoted(name)}, 'Type': ${quoted(type)} }`;
  const line = `@${role.toUpperCase()} ${name} : ${properties}`;
  return { ...document, header: withLine(sensitive ? withSensitive(document.header, name) : document.header, line) };
}

function withLine(header: string, line: string): string {
  return header === "" ? line : `${header}\n${line}`;
}

function withSensitive(header: string, name: string): string {
  const found = /^@SENSITIVE:\s*\[([^\]]*)\]/m.exec(header);
  if (found === null) return header === "" ? `@SENSITIVE: [${name}]` : `@SENSITIVE: [${name}]\n${header}`;
  const names = (found[1] ?? "").trim();
  return header.replace(found[0], `@SENSITIVE: [${names === "" ? name : `${names}, ${name}`}]`);
}
