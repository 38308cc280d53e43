// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Range } from "./explorer-state";

/** Round spacings, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const MOST_POINTS = 400;
const LEAST_SPAN_MS = 10_000;

export type Span = { from: number; to: number };

/** From when to when a range is, at `now`. Milliseconds. */
export function spanOf(range: Range, now: number): Span {
  return "seconds" in range ? { from: now - range.seconds * 1000, to: now } : range;
}

/** The smallest round step at which a span has no more points than a chart can show. Seconds. */
export function stepFor({ from, to }: Span): number {
  return STEPS.find((step) => (to - from) / 1000 / step <= MOST_POINTS) ?? Math.ceil((to - from) / 86_400_000 / MOST_POINTS) * 86_400;
}

/** How far ahead to forecast beyond a span, in minutes, twelve times: a quarter of it, an hour to a day. */
export function horizonsFor({ from, to }: Span): number[] {
  const quarter = (to - from) / 60_000 / 4;
  const each = Math.round(Math.min(1_440, Math.max(60, quarter)) / 12);
  return Array.from({ length: 12 }, (_, index) => (index + 1) * each);
}

/** Moved by `share` of its length; never into the future. */
export function pan({ from, to }: Span, share: number, now: number): Span {
  const by = Math.min((to - from) * share, now - to);
  return { from: Math.round(from + by), to: Math.round(to + by) };
}

/** `factor` times as long about its middle, ten seconds at least; never into the future. */
export function zoom({ from, to }: Span, factor: number, now: number): Span {
  const length = Math.max(LEAST_SPAN_MS, (to - from) * factor);
  const end = Math.min(now, (from + to) / 2 + length / 2);
  return { from: Math.round(end - length), to: Math.round(end) };
}

/** What was dragged over, in either direction; null for less than ten seconds, which is a click. */
export function dragged(first: number, last: number): Span | null {
  const [from, to] = first < last ? [first, last] : [last, first];
  return to - from < LEAST_SPAN_MS ? null : { from: Math.round(from), to: Math.round(to) };
}
