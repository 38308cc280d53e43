// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "./api/types";

type Model = Schema<"Model">;

/** The version of each metric that serves it, else its newest; by the metric's name. */
export function currentModels(models: Model[]): Map<string, Model> {
  const found = new Map<string, Model>();
  for (const model of models) {
    const known = found.get(model.target_metric);
    if (!known || (known.status !== "active" && (model.status === "active" || model.version > known.version))) found.set(model.target_metric, model);
  }
  return found;
}

/** An error against the seasonal naive guess in words: 0.71 is "29 % less error than the naive guess". */
export function againstNaive(mase: number | null | undefined): string {
  if (mase === null || mase === undefined) return "not measured yet";
  const percent = Math.round(Math.abs(1 - mase) * 100);
  if (percent === 0) return "as good as the naive guess";
  return `${percent} % ${mase < 1 ? "less" : "more"} error than the naive guess`;
}

const TYPES: Record<Schema<"ModelType">, string> = {
  constant: "Constant", seasonal_naive: "Seasonal naive", exponential_smoothing: "Exponential smoothing", ensemble: "Ensemble",
  theta: "Theta", mstl: "MSTL", prophet: "Prophet", xgboost: "XGBoost", weighted_median: "Weighted median",
};

export function modelTypeName(type: Schema<"ModelType">): string {
  return TYPES[type];
}
