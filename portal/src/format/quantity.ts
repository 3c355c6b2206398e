const exact = new Intl.NumberFormat("en");

/** `9,999`, and `12.4 k` beyond; the exact number belongs into a tooltip. */
export function count(value: number): string {
  if (value < 10_000) return exact.format(value);
  return value < 999_950 ? `${(value / 1000).toFixed(1)} k` : `${(value / 1_000_000).toFixed(1)} M`;
}

/** `5.1 MiB` */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
}

/** The first eight characters of an id. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
