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

/** How far back to look at a series that began `ageSeconds` ago, so that its samples fill the chart. */
export function rangeFor(ageSeconds: number): { seconds: number; step: number; label: string } {
  if (ageSeconds < 8 * 60) return { seconds: 600, step: 5, label: "Last 10 min" };
  if (ageSeconds < 50 * 60) return { seconds: 3_600, step: 30, label: "Last hour" };
  return { seconds: 6 * 3_600, step: 120, label: "Last 6 h" };
}
