// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { byInterest } from "@/lib/interest";

/** What most people look at first, as parts of a metric's name; the platform trains the same first. */
const LEADING = ["cpu", "memory", "requests", "latency", "load"];

/** The `count` metrics to show first: one of each leading kind, then any; those that hardly change last. */
export function leadingMetrics(metrics: string[], count: number): string[] {
  const names = byInterest(metrics.map((metric) => ({ metric, labels: {} }))).map(({ metric }) => metric);
  const found: string[] = [];
  for (const part of LEADING) {
    const name = names.find((each) => each === part) ?? names.find((each) => each.includes(part));
    if (name !== undefined && !found.includes(name)) found.push(name);
  }
  return [...found, ...names.filter((name) => !found.includes(name))].slice(0, count);
}

export type ChartRange = { seconds: number; step: number; label: string; horizons: number[] };

/**
 * How far to look at a series that began `ageSeconds` ago: back so that its samples fill the chart, and ahead (`horizons`, in
 * minutes) no further than what is known of it carries: of seconds of history an hour's interval dwarfs everything.
 */
export function rangeFor(ageSeconds: number): ChartRange {
  if (ageSeconds < 8 * 60) return { seconds: 600, step: 5, label: "Last 10 min and the next 10 min", horizons: upTo(10) };
  if (ageSeconds < 50 * 60) return { seconds: 3_600, step: 30, label: "Last hour and the next half hour", horizons: upTo(30) };
  return { seconds: 6 * 3_600, step: 120, label: "Last 6 h and the next hour", horizons: upTo(60) };
}

/** A dozen moments, evenly spaced as far as whole minutes are. */
function upTo(minutes: number): number[] {
  return [...new Set(Array.from({ length: 12 }, (_, index) => Math.max(1, Math.round((minutes * (index + 1)) / 12))))];
}
