// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { ChartPoint } from "./points";
import { drawnAt, toPoints, type Foreseen } from "./rows";

/** Seconds between the forecasts that are kept. */
const STEP = 300;

/** The points with what was forecast beforehand of them, on the straight lines between the moments it was kept for. */
export function withForeseen(points: ChartPoint[], { value, lower, upper }: Foreseen): ChartPoint[] {
  const times = points.map(({ time }) => time);
  const [middles, lows, highs] = [value, lower, upper].map((samples) => drawnAt(toPoints(samples), times, STEP));
  return points.map((point, index) => {
    const [low, high] = [lows?.[index] ?? null, highs?.[index] ?? null];
    return { ...point, foreseen: middles?.[index] ?? null, expected: low === null || high === null ? null : [low, high] };
  });
}
