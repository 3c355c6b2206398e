/** Instants as people read them, in the time zone that they chose. */

export type Zone = "local" | "utc";

const DAY = 86_400_000;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function zoneOf(zone: Zone): Intl.DateTimeFormatOptions {
  return zone === "utc" ? { timeZone: "UTC" } : {};
}

/** `26 Nov 2026, 10:42:07`, with `UTC` behind it where that is the zone. */
export function absolute(moment: Date, zone: Zone): string {
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", ...zoneOf(zone) });
  return zone === "utc" ? `${date.format(moment)} UTC` : date.format(moment);
}

/** `10:42:07` */
export function timeOfDay(moment: Date, zone: Zone): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", ...zoneOf(zone) }).format(moment);
}

/** `10:42:07.120`, as logs have it. */
export function preciseTime(moment: Date, zone: Zone): string {
  return `${timeOfDay(moment, zone)}.${String(moment.getUTCMilliseconds()).padStart(3, "0")}`;
}

/** `3 minutes ago` within a day of now, the absolute time beyond. */
export function friendly(moment: Date, now: Date, zone: Zone): string {
  const distance = moment.getTime() - now.getTime();
  const size = Math.abs(distance);
  if (size >= DAY) return absolute(moment, zone);
  if (size < 1000) return "now";
  if (size < 60_000) return relative.format(Math.trunc(distance / 1000), "second");
  if (size < 3_600_000) return relative.format(Math.trunc(distance / 60_000), "minute");
  return relative.format(Math.trunc(distance / 3_600_000), "hour");
}
