// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "@/lib/api/types";

/** How much is reported. `perWeek` null: whatever is found. */
export type Budget = { sensitivity: number; perWeek: number | null };

export const DEFAULT_SENSITIVITY = 2.5;
const MOST_SENSITIVITY = 5;
const MOST_PER_WEEK = 1_000_000;

type Settings = Schema<"Settings">;

/** What an organization's settings say; what is none of what may stand there is as if it were left out. */
export function budgetOf({ anomaly_sensitivity: sensitivity, anomaly_budget_per_week: perWeek }: Settings): Budget {
  return {
    sensitivity: typeof sensitivity === "number" && sensitivity >= 0 && sensitivity <= MOST_SENSITIVITY ? sensitivity : DEFAULT_SENSITIVITY,
    perWeek: typeof perWeek === "number" && Number.isInteger(perWeek) && perWeek >= 0 ? perWeek : null,
  };
}

/** The settings with a budget in them. They are replaced as a whole, so that all others stay. */
export function withBudget(settings: Settings, { sensitivity, perWeek }: Budget): Settings {
  const { anomaly_sensitivity: _, anomaly_budget_per_week: __, ...others } = settings;
  return { ...others, ...(sensitivity !== DEFAULT_SENSITIVITY && { anomaly_sensitivity: sensitivity }), ...(perWeek !== null && { anomaly_budget_per_week: perWeek }) };
}

/** What was typed as anomalies a week; null for what is no such number. */
export function readPerWeek(text: string): number | null {
  if (!/^\d{1,7}$/.test(text.trim())) return null;
  const value = Number(text);
  return value <= MOST_PER_WEEK ? value : null;
}

export function isSame(a: Budget, b: Budget): boolean {
  return a.sensitivity === b.sensitivity && a.perWeek === b.perWeek;
}

/** "quiet", "a little quieter", "as usual", "a little keener", "keen". */
export function sensitivityText(sensitivity: number): string {
  if (sensitivity <= 0.5) return "quiet";
  if (sensitivity < DEFAULT_SENSITIVITY) return "a little quieter";
  if (sensitivity === DEFAULT_SENSITIVITY) return "as usual";
  return sensitivity < 4.5 ? "a little keener" : "keen";
}

type Backtested = Schema<"Backtested">;

/** What a backtest says, in a sentence. */
export function backtestText({ anomalies_reported: reported, anomalies_found: found, per_week }: Pick<Backtested, "anomalies_reported" | "anomalies_found" | "per_week">): string {
  if (found === 0) return "Nothing would have stood out.";
  const rate = `${Number(per_week.toPrecision(2))} a week`;
  const all = found === 1 ? "The one anomaly" : found === 2 ? "Both anomalies" : `All ${found} anomalies`;
  if (reported === found) return `${all} would have been reported: ${rate}.`;
  return reported === 0 ? `None of ${found} would have been reported.` : `${reported} of ${found} would have been reported: ${rate}.`;
}
