/** Command lines that give the same list as a page. */
import { isFiltered, type View } from "./model";

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A request of one of the portal's own endpoints, with a token of one's own. */
export function listRequest(path: string, query: Query = {}, origin: string = location.origin): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    return text === "" ? [] : [`${name}=${quoted(text)}`];
  });
  const address = `${origin}/api/portal${path}${parts.length === 0 ? "" : `?${parts.join("&")}`}`;
  return `curl -H "Authorization: Bearer $DESKHAND_TOKEN" '${address}'`;
}

/** Whether a view shows all of its list, in its usual order. */
export function isPlain(view: View, usualSort: string): boolean {
  return !isFiltered(view) && view.sort === usualSort;
}

function quoted(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27");
}
