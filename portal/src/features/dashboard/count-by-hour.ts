// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Severity } from "@/components/severity";

export type HourColumn = { start: number; total: number; counts: Record<Severity, number> };

const HOUR_MS = 3_600_000;

/** One column for each of the `hours` hours up to and with that of `now`, oldest first; what lies outside is left out. */
export function countByHour(events: { time: number; severity: Severity }[], now: number, hours: number): HourColumn[] {
  const first = Math.floor(now / HOUR_MS) - hours + 1;
  const columns = Array.from({ length: hours }, (_, index): HourColumn => ({
    start: (first + index) * HOUR_MS,
    total: 0,
    counts: { critical: 0, high: 0, medium: 0, low: 0 },
  }));
  for (const { time, severity } of events) {
    const column = columns[Math.floor(time / HOUR_MS) - first];
    if (!column) continue;
    column.total += 1;
    column.counts[severity] += 1;
  }
  return columns;
}
