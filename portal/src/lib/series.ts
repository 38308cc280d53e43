// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Labels } from "./api/types";

/** A series as people write it: cpu{host="web-1"}. Labels in the order of their names. */
export function seriesName(metric: string, labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return metric;
  return `${metric}{${pairs.map(([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(", ")}}`;
}

/** The labels that tell these series apart; what all of them share says nothing. */
export function tellingLabels(series: { labels: Labels }[]): (labels: Labels) => Labels {
  const first = series[0]?.labels ?? {};
  const shared = new Set(Object.keys(first).filter((name) => series.length > 1 && series.every(({ labels }) => labels[name] === first[name])));
  return (labels) => Object.fromEntries(Object.entries(labels).filter(([name]) => !shared.has(name)));
}
