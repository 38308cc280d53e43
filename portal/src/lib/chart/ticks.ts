// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Unit } from "@/lib/format";

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

const ROUND = [1, 2, 2.5, 5, 10, 20];
const WHOLE: Partial<Record<Unit, number>> = { percent: 100, ratio: 1 };

type Values = (number | null | undefined)[];

/**
 * Round values of an axis that holds all of `lines` and `bands`, evenly spaced, at most `most` spaces; what is missing is
 * passed over. A share that never was more than the whole gets no axis beyond it, however wide its interval.
 */
export function valueTicks(lines: Values, bands: Values, unit: Unit, most = 5): number[] {
  const [low, high] = extent(lines);
  const [least, wide] = extent([...lines, ...bands]);
  if (!Number.isFinite(least)) return [0, 1];
  const whole = WHOLE[unit];
  const greatest = whole !== undefined && high <= whole ? Math.max(high, Math.min(wide, whole)) : wide;
  if (least === greatest) {
    const pad = Math.abs(least) * 0.1 || 1;
    return valueTicks([low >= 0 ? Math.max(0, least - pad) : least - pad, greatest + pad], [], unit, most);
  }
  const size = Math.max(Math.abs(least), Math.abs(greatest));
  const base = unit === "bytes" || unit === "bytes/s" ? 1024 ** Math.max(0, Math.floor(Math.log(size) / Math.log(1024))) : 1;
  const power = 10 ** Math.floor(Math.log10((greatest - least) / base / most));
  const steps = ROUND.map((round) => round * power * base);
  const spaces = (step: number) => Math.ceil(greatest / step - 1e-9) - Math.floor(least / step + 1e-9);
  const step = steps.find((each) => spaces(each) <= most) ?? (greatest - least);
  const first = Math.floor(least / step + 1e-9);
  return Array.from({ length: spaces(step) + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function extent(values: Values): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return [least, greatest];
}
