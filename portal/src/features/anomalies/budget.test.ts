// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { backtestText, budgetOf, isSame, readPerWeek, sensitivityText, withBudget } from "./budget";

describe("the alert budget", () => {
  it("is what the settings say, else as usual", () => {
    expect(budgetOf({})).toEqual({ sensitivity: 2.5, perWeek: null });
    expect(budgetOf({ anomaly_sensitivity: 0, anomaly_budget_per_week: 0 })).toEqual({ sensitivity: 0, perWeek: 0 });
    expect(budgetOf({ anomaly_sensitivity: null, anomaly_budget_per_week: null })).toEqual({ sensitivity: 2.5, perWeek: null });
    expect(budgetOf({ anomaly_sensitivity: 9, anomaly_budget_per_week: 1.5 })).toEqual({ sensitivity: 2.5, perWeek: null });
  });

  it("is saved beside all other settings, and leaves no trace where it is as usual", () => {
    const settings = { training_days: 28, own: "x", anomaly_budget_per_week: 7, anomaly_sensitivity: 4 };
    expect(withBudget(settings, { sensitivity: 3, perWeek: 5 })).toEqual({ training_days: 28, own: "x", anomaly_sensitivity: 3, anomaly_budget_per_week: 5 });
    expect(withBudget(settings, { sensitivity: 2.5, perWeek: null })).toEqual({ training_days: 28, own: "x" });
    expect(withBudget({}, { sensitivity: 2.5, perWeek: 0 })).toEqual({ anomaly_budget_per_week: 0 });
  });

  it("is typed as a whole number", () => {
    expect(readPerWeek(" 12 ")).toBe(12);
    expect(readPerWeek("0")).toBe(0);
    for (const text of ["", "-1", "1.5", "1e3", "1000001", "many"]) expect(readPerWeek(text)).toBeNull();
  });

  it("is the same or another", () => {
    expect(isSame({ sensitivity: 2.5, perWeek: null }, { sensitivity: 2.5, perWeek: null })).toBe(true);
    expect(isSame({ sensitivity: 2.5, perWeek: null }, { sensitivity: 2.5, perWeek: 0 })).toBe(false);
    expect(isSame({ sensitivity: 2.5, perWeek: 0 }, { sensitivity: 3, perWeek: 0 })).toBe(false);
  });

  it("is told in words", () => {
    expect([0, 1, 2.5, 3, 5].map(sensitivityText)).toEqual(["quiet", "a little quieter", "as usual", "a little keener", "keen"]);
    expect(backtestText({ anomalies_reported: 6, anomalies_found: 41, per_week: 3 })).toBe("6 of 41 would have been reported: 3 a week.");
    expect(backtestText({ anomalies_reported: 1, anomalies_found: 1, per_week: 0.5 })).toBe("The one anomaly would have been reported: 0.5 a week.");
    expect(backtestText({ anomalies_reported: 2, anomalies_found: 2, per_week: 1 })).toBe("Both anomalies would have been reported: 1 a week.");
    expect(backtestText({ anomalies_reported: 41, anomalies_found: 41, per_week: 20.5 })).toBe("All 41 anomalies would have been reported: 21 a week.");
    expect(backtestText({ anomalies_reported: 0, anomalies_found: 4, per_week: 0 })).toBe("None of 4 would have been reported.");
    expect(backtestText({ anomalies_reported: 0, anomalies_found: 0, per_week: 0 })).toBe("Nothing would have stood out.");
  });
});
