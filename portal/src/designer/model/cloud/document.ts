/** The document of a cloud flow. It is the truth: what the designer does not know of stays as it is. */
import { isObject, objectOf, valueAt, withValueAt, type Json, type JsonObject } from "./json";

export interface FlowDocument {
  readonly root: Json;
  /** Where in it the definition stands. */
  readonly path: readonly string[];
}

export function readDocument(text: string, path: readonly string[]): FlowDocument {
  return { root: JSON.parse(text) as Json, path };
}

export function writeDocument(document: FlowDocument): string {
  return JSON.stringify(document.root, null, 2);
}

export function definitionOf(document: FlowDocument): JsonObject {
  return objectOf(valueAt(document.root, document.path));
}

export function withDefinition(document: FlowDocument, definition: JsonObject): FlowDocument {
  return { ...document, root: withValueAt(document.root, document.path, definition) };
}

/** The connection references, by the key that actions name. */
export function connectionsOf(document: FlowDocument): JsonObject {
  return objectOf(valueAt(document.root, [...document.path.slice(0, -1), "connectionReferences"]));
}

export interface ConnectionUse {
  readonly connector: string;
  /** The logical name of the connection reference. */
  readonly reference: string;
}

/** Return the key under which the document names a connection reference, adding it if it does not yet. */
export function withConnection(document: FlowDocument, use: ConnectionUse): readonly [FlowDocument, string] {
  const known = connectionsOf(document);
  const found = Object.entries(known).find(([, value]) => referenceOf(value) === use.reference);
  if (found !== undefined) return [document, found[0]];
  const key = freeName(use.connector, new Set(Object.keys(known)), "-");
  const value = {
    runtimeSource: "embedded",
    connection: { connectionReferenceLogicalName: use.reference },
    api: { name: use.connector },
  };
  const path = [...document.path.slice(0, -1), "connectionReferences", key];
  return [{ ...document, root: withValueAt(document.root, path, value) }, key];
}

export function referenceOf(connection: Json | undefined): string | undefined {
  const name = valueAt(connection, ["connection", "connectionReferenceLogicalName"]);
  return typeof name === "string" ? name : undefined;
}

/** Return a name that is not taken: `Compose`, `Compose_2`, `Compose_3`. */
export function freeName(wanted: string, taken: ReadonlySet<string>, separator = "_"): string {
  const lower = new Set([...taken].map((one) => one.toLowerCase()));
  if (!lower.has(wanted.toLowerCase())) return wanted;
  for (let number = 2; ; number++) {
    const name = `${wanted}${separator}${number}`;
    if (!lower.has(name.toLowerCase())) return name;
  }
}

/** The place of a definition in a document: the ones that flows are exported with, and a bare one. */
export function definitionPath(root: Json): readonly string[] | undefined {
  for (const path of [["properties", "definition"], ["definition"], []]) {
    const found = valueAt(root, path);
    if (isObject(found) && (isObject(found["actions"]) || isObject(found["triggers"]))) return path;
  }
  return undefined;
}
