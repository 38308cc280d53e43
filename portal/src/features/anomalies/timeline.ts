// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Severity, Span } from "./address";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const MOST_COLUMNS = 60;

export type Column = Span & { total: number; counts: Record<Severity, number> };

/** The columns of a span without what is in them. Milliseconds. */
export type Grid = { first: number; width: number; count: number };

/** As many columns of the smallest round width as can be told apart, from a round time of the viewer's clock on. */
export function gridOf({ from, to }: Span): Grid {
  const width = STEPS.find((step) => (to - from) / step <= MOST_COLUMNS) ?? 7 * DAY;
  const offset = new Date(from).getTimezoneOffset() * MINUTE;
  const first = Math.floor((from - offset) / width) * width + offset;
  return { first, width, count: Math.floor((to - first) / width) + 1 };
}

/** What began when, by column, oldest first; what lies outside is left out. */
export function toColumns(events: { time: number; counts: Partial<Record<Severity, number>> }[], { first, width, count }: Grid): Column[] {
  const columns = Array.from({ length: count }, (_, index): Column => ({
    from: first + index * width,
    to: first + (index + 1) * width,
    total: 0,
    counts: { critical: 0, high: 0, medium: 0, low: 0 },
  }));
  for (const { time, counts } of events) {
    const column = columns[Math.floor((time - first) / width)];
    if (!column) continue;
    for (const [severity, found] of Object.entries(counts) as [Severity, number][]) {
      column.total += found;
      column.counts[severity] += found;
    }
  }
  return columns;
}

/** From the first to the last of two columns that were dragged over, in either direction. */
export function spanOver(columns: readonly Span[], one: number, other: number): Span | null {
  const [first, last] = [columns[Math.min(one, other)], columns[Math.max(one, other)]];
  return first && last ? { from: first.from, to: last.to } : null;
}
