import type { DayOfRuns } from "@/api/portal";

const DAYS = 28;
const DAY = 86_400_000;

/** The last 28 days by UTC, today the last one; days without runs are there, too. */
export function lastDays(days: readonly DayOfRuns[], now: Date): readonly DayOfRuns[] {
  const known = new Map(days.map((day) => [day.day, day]));
  return Array.from({ length: DAYS }, (_, index) => {
    const day = new Date(now.getTime() - (DAYS - 1 - index) * DAY).toISOString().slice(0, 10);
    return known.get(day) ?? { day, succeeded: 0, failed: 0, other: 0 };
  });
}
