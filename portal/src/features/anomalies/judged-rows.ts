// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Decides all about the chart of a judged series, so that drawing decides nothing.
import { usualSpacing } from "@/lib/chart/points";
import { toMs } from "@/lib/time";
import type { Span } from "./address";
import type { Judged } from "./queries";

/** One moment of the chart; null is a gap. `odd`: the value where it belongs to the anomaly. `range` is [lower, upper]. */
export type JudgedRow = { time: number; value: number | null; odd: number | null; expected: number | null; range: [number, number] | null };

/** A pause of more than this many usual spacings is a gap. */
const GAP = 2.5;
/** A thinned series keeps two samples of each part: neighbours are less than two parts apart, which are four samples. */
const THINNED_GAP = 4.5;

/**
 * The moments of a judged series with a gap where samples are missing; those within `anomaly` are odd, and so is the next
 * one before, so that a single sample shows as a line. `thinned`: extremes of more samples than these.
 */
export function toJudgedRows(judged: readonly Judged[], anomaly: Span, thinned: boolean): JudgedRow[] {
  const times = judged.map(([time]) => toMs(time));
  const mean = times.length > 1 ? ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1) : 0;
  const spacing = usualSpacing(times);
  const gap = thinned ? Math.max(GAP * spacing, THINNED_GAP * mean) : GAP * spacing;
  const rows: JudgedRow[] = [];
  judged.forEach(([, value, expected, lower, upper], index) => {
    const time = times[index] ?? 0;
    const before = rows.at(-1);
    const apart = before !== undefined && gap > 0 && time - before.time > gap;
    const odd = time >= anomaly.from && time <= anomaly.to;
    if (apart) rows.push({ time: before.time + spacing, value: null, odd: null, expected: null, range: null });
    else if (odd && before && before.odd === null) before.odd = before.value;
    rows.push({ time, value, odd: odd ? value : null, expected, range: [lower, upper] });
  });
  return rows;
}

/**
 * What the value axis shows: every value and expectation, and of the ranges what reaches no further than the half of that
 * beyond it. In a series' first days a range may be so wide that nothing else would be seen.
 */
export function valueDomain(rows: readonly JudgedRow[]): [number, number] {
  const seen = rows.flatMap(({ value, expected }) => [value, expected]).filter((each) => each !== null);
  if (seen.length === 0) return [0, 1];
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  const room = (high - low || Math.abs(high) * 0.1 || 1) / 2;
  const lows = rows.flatMap(({ range }) => (range ? [range[0]] : []));
  const highs = rows.flatMap(({ range }) => (range ? [range[1]] : []));
  const bottom = Math.max(Math.min(low, ...lows), low - room);
  return [low >= 0 ? Math.max(0, bottom) : bottom, Math.min(Math.max(high, ...highs), high + room)];
}

const HOUR = 3_600_000;

/** What to show about an anomaly, `before` milliseconds ahead of it; what came after it too, until `now` at most. */
export function windowAround({ from, to }: Span, before: number, now: number): Span {
  const length = to - from;
  return { from: from - Math.max(before, 2 * length), to: Math.min(now, to + Math.max(HOUR, before / 3, length)) };
}
