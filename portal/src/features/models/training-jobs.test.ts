// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import type { Schema } from "@/lib/api/types";
import { merge, outcome, secondsOf, subject } from "./training-jobs";

const job = (id: string, created_at: string): Schema<"Job"> => ({
  id, kind: "training.train_metric", payload: {}, status: "queued", progress: 0, progress_note: "", seconds_left: null, attempts: 0,
  created_at, run_at: null, started_at: null, finished_at: null, result: null, error: null,
});

describe("trainings", () => {
  it("of several kinds are one list, newest first", () => {
    const merged = merge([[job("c", "2026-01-03T00:00:00Z"), job("a", "2026-01-01T00:00:00Z")], [job("b", "2026-01-02T00:00:00Z")]], 2);
    expect(merged.map(({ id }) => id)).toEqual(["c", "b"]);
  });

  it("have taken as long as their newest attempt", () => {
    const now = Date.parse("2026-01-01T00:01:00Z");
    expect(secondsOf({ started_at: null, finished_at: null }, now)).toBeNull();
    expect(secondsOf({ started_at: "2026-01-01T00:00:00Z", finished_at: null }, now)).toBe(60);
    expect(secondsOf({ started_at: "2026-01-01T00:00:00Z", finished_at: "2026-01-01T00:00:05Z" }, now)).toBe(5);
    expect(secondsOf({ started_at: "2026-01-01T00:02:00Z", finished_at: null }, now)).toBe(0); // the clocks differ
  });

  it("say what came of them", () => {
    const metric = { kind: "training.train_metric", payload: {}, status: "succeeded" as const };
    expect(outcome({ ...metric, result: { version: 3, series: 4, promoted: 2, carried_over: 2, skipped: 1 } })).toBe("version 3 serves: 2 of 4 series got a better model; 1 series skipped");
    expect(outcome({ ...metric, result: { version: 2, series: 4, promoted: 0, carried_over: 4, skipped: 0 } })).toBe("what serves now is better: no new version");
    expect(outcome({ ...metric, status: "failed", result: null })).toBe("");
    expect(outcome({ kind: "training.nightly", status: "succeeded", result: { metrics: 7 } })).toBe("7 metrics queued");
  });

  it("name what they are about, as far as they say", () => {
    expect(subject({ kind: "training.nightly", payload: {}, result: null, progress_note: null })).toBe("All metrics");
    expect(subject({ kind: "training.train_metric", payload: { metric: "cpu" }, result: null, progress_note: "3 of 3 series" })).toBe("cpu");
    expect(subject({ kind: "training.train_metric", payload: {}, result: null, progress_note: "1 of 3 series" })).toBe("1 of 3 series");
    expect(subject({ kind: "training.train_metric", payload: {}, result: null, progress_note: "" })).toBe("One metric");
  });
});
