/** JSON values, and changes to them that leave the value itself as it was. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Return the value at a path; undefined if there is none. */
export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found)) found = (found as readonly Json[])[Number(step)];
    else if (isObject(found)) found = Object.hasOwn(found, step) ? found[step] : undefined;
    else return undefined;
  }
  return found;
}

/** Return a value with another one at a path; undefined takes that member away. What is not there is made. */
export function withValueAt(value: Json | undefined, path: readonly string[], put: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return put ?? null;
  if (Array.isArray(value) || (value === undefined && /^\d+$/.test(step))) {
    const items = [...((value as readonly Json[] | undefined) ?? [])];
    if (rest.length === 0 && put === undefined) items.splice(Number(step), 1);
    else items[Number(step)] = withValueAt(items[Number(step)], rest, put);
    return items;
  }
  const members = objectOf(value);
  if (rest.length === 0 && put === undefined) return without(members, step);
  if (put === undefined && !Object.hasOwn(members, step)) return members;
  return { ...members, [step]: rest.length === 0 ? (put ?? null) : withValueAt(members[step], rest, put) };
}

export function without(members: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
}

/** Return an object in which a member bears another name, at the same place. */
export function renamed(members: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key === from ? to : key, value]));
}
