// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import type { Schema } from "@/lib/api/types";
import { predictionRows, rowsOf } from "./prediction-rows";

const model: Schema<"Model"> = { id: "1", name: "", model_type: "automatic", target_metric: "cpu", version: 1, status: "active", metrics: {}, trained_at: "", artifact_deleted_at: null, created_at: "" };

describe("rows of predictions", () => {
  it("are the metrics that match, a page of them, those without a model too", () => {
    expect(predictionRows(["cpu", "CPU_idle", "memory"], [model], "cpu", 0, 20)).toEqual({ rows: [{ metric: "cpu", model }, { metric: "CPU_idle", model: undefined }], total: 2 });
    expect(predictionRows(["a", "b", "c"], [], "", 1, 2)).toEqual({ rows: [{ metric: "c", model: undefined }], total: 3 });
    expect(predictionRows([], [], "x", 0, 20)).toEqual({ rows: [], total: 0 });
  });
});

describe("rows of one series", () => {
  const row = (labels: Record<string, string>, horizon_minutes: 15 | 60): Schema<"SeriesAccuracy"> => ({
    metric: "cpu", labels, horizon_minutes, since: "", forecasts_met: 1, mase: 1, mae: 1, naive_mae: 1, coverage: 1, withdrawn: null,
  });

  it("have exactly its labels, the shortest horizon first", () => {
    const rows = [row({ host: "a" }, 60), row({ host: "a" }, 15), row({ host: "a", az: "x" }, 15), row({}, 15)];
    expect(rowsOf(rows, { host: "a" }).map(({ horizon_minutes }) => horizon_minutes)).toEqual([15, 60]);
    expect(rowsOf(rows, {})).toHaveLength(1);
  });
});
