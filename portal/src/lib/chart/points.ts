// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Decides all about a chart's data, so that drawing decides nothing.
import type { Schema } from "@/lib/api/types";
import { toMs } from "@/lib/time";

/** One moment of a chart; null is a gap. `interval` is [lower, upper]. */
export type ChartPoint = {
  time: number;
  actual: number | null;
  predicted: number | null;
  interval: [number, number] | null;
  /** What was forecast for this moment beforehand, and within what; absent where the chart shows none of it. */
  foreseen?: number | null;
  expected?: [number, number] | null;
};

type ForecastPoint = Pick<Schema<"Prediction">["points"][number], "time" | "predicted_value" | "confidence_lower" | "confidence_upper">;

/** A pause of more than this many usual spacings is a gap. */
const GAP = 2.5;

/** The number that a sample holds; null where it holds none (not-a-number, infinities, the stale marker). */
export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Half of the distances between neighbours are at most this; 0 for fewer than two points. */
export function usualSpacing(times: number[]): number {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time)).sort((a, b) => a - b);
  return distances[Math.floor((distances.length - 1) / 2)] ?? 0;
}

/**
 * Samples and what is forecast after them, oldest first.
 *
 * Where samples are missing a point without a value breaks the line. The forecast starts at the newest sample, with an
 * interval of no width: that much is known. `spacingMs` is the step that was asked for; samples that usually are further
 * apart than that miss nothing.
 */
export function toChartPoints(samples: readonly (readonly unknown[])[], forecast: readonly ForecastPoint[] = [], spacingMs?: number): ChartPoint[] {
  const times = samples.map(([time]) => toMs(time as string | number));
  const spacing = Math.max(spacingMs ?? 0, usualSpacing(times));
  const points: ChartPoint[] = [];
  samples.forEach(([, value], index) => {
    const time = times[index] ?? 0;
    const before = times[index - 1];
    if (before !== undefined && spacing > 0 && time - before > GAP * spacing) {
      points.push({ time: before + spacing, actual: null, predicted: null, interval: null });
    }
    points.push({ time, actual: numberOf(value), predicted: null, interval: null });
  });
  if (forecast.length === 0) return points;
  const newest = points.at(-1);
  if (newest && newest.actual !== null) {
    newest.predicted = newest.actual;
    newest.interval = [newest.actual, newest.actual];
  }
  for (const point of [...forecast].sort((a, b) => toMs(a.time) - toMs(b.time))) {
    points.push({
      time: toMs(point.time),
      actual: null,
      predicted: point.predicted_value,
      interval: [point.confidence_lower, point.confidence_upper],
    });
  }
  return points;
}
