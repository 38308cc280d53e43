// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A stretch of time as a chart shows it: how finely it is read, and how far beyond it is forecast.

/** Round spacings, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const MOST_POINTS = 400;

/** Milliseconds since 1970. */
export type Span = { from: number; to: number };

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
