// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Span } from "@/lib/chart/span";
import type { Range } from "./explorer-state";

const LEAST_SPAN_MS = 10_000;

/** From when to when a range is, at `now`. Milliseconds. */
export function spanOf(range: Range, now: number): Span {
  return "seconds" in range ? { from: now - range.seconds * 1000, to: now } : range;
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
