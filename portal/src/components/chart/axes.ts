// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the axes and the marks of every chart over time have in common, as props of Recharts.
import { timeTicks } from "@/lib/chart/ticks";
import { formatValue, type Unit } from "@/lib/format";
import { formatTick } from "@/lib/time";

const AXIS = { tick: { fill: "var(--muted-foreground)", fontSize: 11 }, tickLine: false, axisLine: false } as const;

/** Of a line or an area: gaps stay gaps, and nothing moves. */
export const STILL = { dot: false, activeDot: false, isAnimationActive: false, connectNulls: false } as const;

/** The axis below, of rows whose `time` is in milliseconds; `from` and `to` are what it shows. */
export function timeAxis(from: number, to: number) {
  return { ...AXIS, dataKey: "time", type: "number", scale: "time", ticks: timeTicks(from, to), tickFormatter: (time: number) => formatTick(time, to - from), minTickGap: 56 } as const;
}

/** The axis beside it, with the ticks of valueTicks(). */
export function valueAxis(ticks: number[], unit: Unit) {
  return { ...AXIS, ticks, tickFormatter: (value: number) => formatValue(value, unit), width: 60 };
}
