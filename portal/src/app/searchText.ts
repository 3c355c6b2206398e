/** The query of an address as plain texts: `?status=failed,canceled&sort=-requested`. */

export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(values: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  // Commas separate values of one filter; they need no escape and read better without.
  return text === "" ? "" : `?${text.replaceAll("%2C", ",")}`;
}
