// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// When a forecast crosses the threshold of an alert rule.
import type { Labels, Schema } from "@/lib/api/types";
import { toMs } from "@/lib/time";

type Rule = Schema<"AlertRule">;
type Point = Pick<Schema<"Prediction">["points"][number], "time" | "predicted_value" | "confidence_lower" | "confidence_upper">;

export type Breach = {
  rule: Pick<Rule, "id" | "name" | "severity">;
  metric: string;
  labels: Labels;
  threshold: number;
  above: boolean;
  /** Milliseconds since 1970. */
  time: number;
  /** Whether the forecast itself crosses, or the edge of its interval alone. */
  likely: boolean;
};

/** Of rules that name no probability: an interval that this share of values lies beyond, on the side of the threshold. */
const POSSIBLE = 0.1;
const DEFAULT_HORIZON_MINUTES = 60;
const STEPS = 12;
/** Rules that are looked ahead of: each costs a forecast a minute. */
const MOST_RULES = 12;

/** The rules to look ahead of: those about forecasts first, then thresholds that are not crossed already; worst first. */
export function rulesAhead(rules: Rule[]): Rule[] {
  const worst = ["critical", "high", "medium", "low"];
  const about = rules.filter(({ enabled, threshold, condition, firing_since, metric }) =>
    enabled && threshold !== null && !metric.startsWith("helios:") && (condition === "forecast_breach" || ((condition === "above" || condition === "below") && firing_since === null)));
  const rank = ({ condition, severity }: Rule) => (condition === "forecast_breach" ? 0 : worst.length) + worst.indexOf(severity);
  return about.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_RULES);
}

/** What to ask of POST /predict for a rule: horizons in minutes, a minute apart at least, and the interval whose edge decides. */
export function askOf({ condition, horizon_minutes, probability }: Pick<Rule, "condition" | "horizon_minutes" | "probability">): { horizons: number[]; level: number } {
  const whole = horizon_minutes ?? DEFAULT_HORIZON_MINUTES;
  const horizons = Array.from({ length: STEPS }, (_, index) => Math.max(1, Math.floor((whole * (index + 1)) / STEPS)));
  const level = Math.abs(2 * (condition === "forecast_breach" ? (probability ?? 0.5) : POSSIBLE) - 1);
  return { horizons: [...new Set(horizons)], level: level > 0 ? level : 0.5 };
}

/** The first crossing of the rule's threshold by a forecast that was made as askOf() says; null where there is none. */
export function breachOf(rule: Rule, { metric, labels, points }: { metric: string | null; labels: Labels; points: Point[] }): Breach | null {
  const { threshold } = rule;
  if (threshold === null) return null;
  const above = rule.condition === "forecast_breach" ? rule.direction !== "below" : rule.condition === "above";
  const needed = rule.condition === "forecast_breach" ? (rule.probability ?? 0.5) : POSSIBLE;
  const middle = crossing(points, threshold, above, ({ predicted_value }) => predicted_value);
  // The value that is crossed with exactly the needed probability: beyond the middle for less than even odds.
  const edge = crossing(points, threshold, above, (point) => (needed === 0.5 ? point.predicted_value : needed > 0.5 === above ? point.confidence_lower : point.confidence_upper));
  const time = needed > 0.5 ? edge : (middle ?? edge);
  if (time === null) return null;
  return { rule: { id: rule.id, name: rule.name, severity: rule.severity }, metric: metric ?? rule.metric, labels, threshold, above, time, likely: middle !== null };
}

/** When the straight lines between the points first pass the threshold; the first point's time where it lies beyond. */
function crossing(points: Point[], threshold: number, above: boolean, valueOf: (point: Point) => number): number | null {
  const beyond = (value: number) => (above ? value > threshold : value < threshold);
  for (const [index, point] of points.entries()) {
    const value = valueOf(point);
    if (!beyond(value)) continue;
    const before = points[index - 1];
    if (!before) return toMs(point.time);
    const from = valueOf(before);
    return Math.round(toMs(before.time) + ((toMs(point.time) - toMs(before.time)) * (threshold - from)) / (value - from));
  }
  return null;
}

/** Soonest first, each series once: of several rules' breaches of one the soonest. */
export function soonest(breaches: Breach[]): Breach[] {
  const seen = new Set<string>();
  return [...breaches].sort((a, b) => a.time - b.time).filter(({ metric, labels }) => {
    const key = JSON.stringify([metric, Object.entries(labels).sort()]);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}
