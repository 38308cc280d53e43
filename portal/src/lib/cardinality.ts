// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Labels } from "@/lib/api/types";

export type LabelCardinality = {
  label: string;
  /** How many values there are. */
  values: number;
  /** How many series have the label. */
  series: number;
  /** The most frequent values, with how many series have each. */
  top: { value: string; series: number }[];
};

/** The labels of these series, those with the most values first; `most` values of each are named. */
export function cardinality(series: { labels: Labels }[], most = 5): LabelCardinality[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { labels } of series) {
    for (const [label, value] of Object.entries(labels)) {
      const values = counts.get(label) ?? new Map<string, number>();
      values.set(value, (values.get(value) ?? 0) + 1);
      counts.set(label, values);
    }
  }
  const found = [...counts].map(([label, values]) => ({
    label,
    values: values.size,
    series: [...values.values()].reduce((sum, count) => sum + count, 0),
    top: [...values].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, most).map(([value, count]) => ({ value, series: count })),
  }));
  return found.sort((a, b) => b.values - a.values || (a.label < b.label ? -1 : 1));
}

/** Values of a label among these series, in their order. */
export function valuesOf(series: { labels: Labels }[], label: string): string[] {
  return [...new Set(series.map(({ labels }) => labels[label]).filter((value) => value !== undefined))].sort();
}
