// SPDX-License-Identifier: LicenseRef-Helios-Commercial

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 28 * DAY];

/** Round times within [first, last] of the viewer's own clock, as many as fit `most`. Milliseconds. */
export function timeTicks(first: number, last: number, most = 8): number[] {
  const step = STEPS.find((each) => (last - first) / each <= most) ?? 28 * DAY;
  // A day begins at the viewer's midnight.
  const offset = new Date(first).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let tick = Math.ceil((first - offset) / step) * step + offset; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}
