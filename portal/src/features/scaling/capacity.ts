// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A load against the capacity of replicas, over time, as rows of a chart.
import type { Schema } from "@/lib/api/types";
import { numberOf, usualSpacing } from "@/lib/chart/points";
import { toMs } from "@/lib/time";

type Samples = readonly (readonly unknown[])[];
type Advice = Pick<Schema<"ScalingAdvice">, "time" | "replicas">;
type Planned = { time: string; replicas: number };
type Course = NonNullable<Schema<"ScalingReplay">["course"]>;

export type CapacityRow = {
  time: number;
  /** Null where it is unknown, or to come. */
  load: number | null;
  /** Replicas of each line of the chart; null where it has none. */
  replicas: (number | null)[];
  /** Of each line, whether the load exceeded its replicas about then. */
  short: boolean[];
};

/** A series that is silent for no longer than this counts by its last value. */
const CARRIED_MS = 600_000;
const GAP = 2.5;
/** Two stretches side by side are told by moments less than twice their length apart. */
const STRETCHES = 2;

/** The sum of several series, sampled at the same steps, at each step that one of them has a sample of. */
export function sumOf(series: Samples[]): [number, number | null][] {
  const points = series.map((samples) => samples.flatMap(([time, value]) => { const number = numberOf(value); return number === null ? [] : [[toMs(time as string | number), number] as const]; }));
  const times = [...new Set(points.flatMap((each) => each.map(([time]) => time)))].sort((a, b) => a - b);
  const at = points.map(() => -1);
  return times.map((time) => {
    let sum: number | null = null;
    points.forEach((each, index) => {
      let position = at[index] ?? -1;
      while ((each[position + 1]?.[0] ?? Infinity) <= time) position += 1;
      at[index] = position;
      const newest = each[position];
      if (newest && time - newest[0] <= CARRIED_MS) sum = (sum ?? 0) + newest[1];
    });
    return [time, sum];
  });
}

/** What was advised at a time; null before the first advice that is known. `advice` newest first. */
function advisedAt(advice: readonly Advice[], time: number): number | null {
  return advice.find((each) => toMs(each.time) <= time)?.replicas ?? null;
}

/**
 * The load so far with the replicas advised, and the schedule ahead: lines 0 and 1 of each row. The schedule begins with
 * what is advised now, so that the lines meet.
 */
export function toTargetRows(load: [number, number | null][], advice: readonly Advice[], schedule: readonly Planned[], now: number): CapacityRow[] {
  const first = load[0]?.[0] ?? now;
  const known = new Map(load);
  const changes = advice.map(({ time }) => toMs(time)).filter((time) => time >= first && time <= now);
  const spacing = usualSpacing(load.map(([time]) => time));
  const gaps = load.slice(1).flatMap(([time], index) => { const before = load[index]?.[0] ?? time; return spacing > 0 && time - before > GAP * spacing ? [before + spacing] : []; });
  const times = [...new Set([...known.keys(), ...changes, ...gaps, now])].sort((a, b) => a - b);
  const lines = withLine(times, load);
  const rows: CapacityRow[] = times.map((time, index) => ({ time, load: gaps.includes(time) ? null : (lines[index] ?? null), replicas: [advisedAt(advice, time), null], short: [false, false] }));
  const last = rows.at(-1);
  const planned = [...schedule].map(({ time, replicas }) => ({ time: toMs(time), replicas })).sort((a, b) => a.time - b.time);
  const current = planned.findLast(({ time }) => time <= now) ?? planned[0];
  if (last && current) last.replicas = [last.replicas[0] ?? null, current.replicas];
  for (const { time, replicas } of planned) if (time > now) rows.push({ time, load: null, replicas: [null, replicas], short: [false, false] });
  return rows;
}

/** The load at moments between its samples, on the line that a chart draws anyway; null beyond them and in gaps. */
function withLine(times: number[], load: [number, number | null][]): (number | null)[] {
  const spacing = usualSpacing(load.map(([time]) => time));
  let at = -1;
  return times.map((time) => {
    while ((load[at + 1]?.[0] ?? Infinity) <= time) at += 1;
    const [before, after] = [load[at], load[at + 1]];
    if (before?.[0] === time) return before[1];
    if (!before || !after || before[1] === null || after[1] === null || after[0] - before[0] > GAP * spacing) return null;
    return before[1] + ((after[1] - before[1]) * (time - before[0])) / (after[0] - before[0]);
  });
}

/** A replay's course: lines are ours, the HPA's and the static peak. Where the load is unknown, the lines break. */
export function toCourseRows(course: Course, peak: number): CapacityRow[] {
  const times = course.map(({ time }) => toMs(time));
  const spacing = usualSpacing(times);
  return course.flatMap((point, index) => {
    const time = times[index] ?? 0;
    const before = times[index - 1];
    const row = { time, load: point.load, replicas: [point.ours, point.hpa, peak], short: [point.ours_short_seconds > 0, point.hpa_short_seconds > 0, false] };
    return before !== undefined && time - before >= STRETCHES * spacing ? [{ time: before + spacing, load: null, replicas: [null, null, null], short: [false, false, false] }, row] : [row];
  });
}
