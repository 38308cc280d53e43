// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "@/lib/api/types";
import { currentModels } from "@/lib/models";

export type PredictionRow = { metric: string; model: Schema<"Model"> | undefined };

/** Every metric whose name contains `filter`, with the model that serves it, one page of them; in the order of their names. */
export function predictionRows(metrics: string[], models: Schema<"Model">[], filter: string, page: number, size: number): { rows: PredictionRow[]; total: number } {
  const wanted = filter.trim().toLowerCase();
  const current = currentModels(models);
  const found = metrics.filter((metric) => metric.toLowerCase().includes(wanted));
  return { rows: found.slice(page * size, (page + 1) * size).map((metric) => ({ metric, model: current.get(metric) })), total: found.length };
}

/** Rows of one series, the shortest horizon first. */
export function rowsOf(rows: Schema<"SeriesAccuracy">[], labels: Record<string, string>): Schema<"SeriesAccuracy">[] {
  const names = Object.keys(labels);
  const same = (other: Record<string, string>) => Object.keys(other).length === names.length && names.every((name) => other[name] === labels[name]);
  return rows.filter((row) => same(row.labels)).sort((a, b) => a.horizon_minutes - b.horizon_minutes);
}
