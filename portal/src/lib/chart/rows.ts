// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Several series as rows of one chart. Series are sampled at moments of their own: a row holds for each what to draw,
// which between two of its samples lies on the straight line that a chart draws anyway, and what was measured.
import type { Schema } from "@/lib/api/types";
import { numberOf, usualSpacing } from "@/lib/chart/points";
import { toMs } from "@/lib/time";

export type Samples = readonly (readonly unknown[])[];
type Forecast = Schema<"Prediction">["points"];

export type ChartRow = {
  time: number;
  /** For each series; null is a gap. */
  drawn: (number | null)[];
  measured: (number | null)[];
  predicted: (number | null)[];
  /** Of the one series that is drawn alone: what is to come. */
  interval: [number, number] | null;
  /** Of the one series that is drawn alone: what was forecast for this moment beforehand, and within what. */
  foreseen: number | null;
  expected: [number, number] | null;
};

export type Foreseen = { value: Samples; lower: Samples; upper: Samples };

export type ChartInput = {
  series: Samples[];
  /** For each series; empty for none. */
  forecasts: Forecast[];
  /** What was forecast beforehand of the first series; the bounds are empty where they were not kept. */
  foreseen?: Foreseen;
  /** Seconds. */
  step: number;
};

/** A pause of more than this many usual spacings is a gap. */
const GAP = 2.5;

type Point = { time: number; value: number | null };

/** Rows in the order of their times. Intervals are drawn where there is one series: of several they would hide each other. */
export function toChartRows({ series, forecasts, foreseen, step }: ChartInput): ChartRow[] {
  const measured = series.map(toPoints);
  const alone = series.length === 1;
  const before = alone && foreseen ? [foreseen.value, foreseen.lower, foreseen.upper].map(toPoints) : [];
  const ahead = forecasts.map((points) => new Map(points.map((point) => [toMs(point.time), point])));
  const times = new Set<number>();
  for (const points of [...measured, ...before]) for (const { time } of points) times.add(time);
  for (const points of measured) for (const time of breaks(points, step)) times.add(time);
  for (const points of ahead) for (const time of points.keys()) times.add(time);

  const order = [...times].sort((a, b) => a - b);
  const exact = measured.map((points) => new Map(points.map(({ time, value }) => [time, value])));
  const lines = measured.map((points) => drawnAt(points, order, step));
  const [value, lower, upper] = before.map((points) => drawnAt(points, order, step));
  return order.map((time, row) => {
    const next = ahead.map((points, index) => points.get(time)?.predicted_value ?? startOf(measured[index], points, time));
    const point = alone ? ahead[0]?.get(time) : undefined;
    const origin = alone && point === undefined ? next[0] : null;
    const [least, greatest] = [lower?.[row], upper?.[row]];
    return {
      time,
      drawn: lines.map((line) => line[row] ?? null),
      measured: exact.map((points) => points.get(time) ?? null),
      predicted: series.map((_, index) => next[index] ?? null),
      interval: point ? [point.confidence_lower, point.confidence_upper] : typeof origin === "number" ? [origin, origin] : null,
      foreseen: value?.[row] ?? null,
      expected: typeof least === "number" && typeof greatest === "number" ? [least, greatest] : null,
    };
  });
}

/** A forecast begins at the newest sample: that much is known. */
function startOf(points: Point[] | undefined, ahead: ReadonlyMap<number, unknown>, time: number): number | null {
  const newest = points?.at(-1);
  return ahead.size > 0 && newest?.time === time ? newest.value : null;
}

export function toPoints(samples: Samples): Point[] {
  return samples.map(([time, value]) => ({ time: toMs(time as string | number), value: numberOf(value) }));
}

/** A pause of more than this, in milliseconds, is a gap. */
function mostPause(points: Point[], step: number): number {
  return GAP * Math.max(step * 1000, usualSpacing(points.map(({ time }) => time)));
}

/** A moment within each gap: where no series has a row there, the line would lead through it. */
function breaks(points: Point[], step: number): number[] {
  const most = mostPause(points, step);
  return points.slice(1).flatMap(({ time }, index) => {
    const before = points[index]?.time ?? time;
    return time - before > most ? [before + step * 1000] : [];
  });
}

/** The line through `points` at each of `times`; null before, after, and in gaps. */
export function drawnAt(points: Point[], times: number[], step: number): (number | null)[] {
  const most = mostPause(points, step);
  let at = 0;
  return times.map((time) => {
    while (at + 1 < points.length && (points[at + 1]?.time ?? 0) <= time) at += 1;
    const before = points[at];
    const after = points[at + 1];
    if (!before || time < before.time) return null;
    if (time === before.time) return before.value;
    if (!after || before.value === null || after.value === null || after.time - before.time > most) return null;
    return before.value + ((after.value - before.value) * (time - before.time)) / (after.time - before.time);
  });
}
