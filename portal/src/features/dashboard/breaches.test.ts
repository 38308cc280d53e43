// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import type { Schema } from "@/lib/api/types";
import { askOf, breachOf, rulesAhead, soonest, type Breach } from "./breaches";

const MINUTE = 60_000;
const NOON = Date.parse("2026-01-03T12:00:00Z");
const rule = (change: Partial<Schema<"AlertRule">> = {}): Schema<"AlertRule"> => ({
  id: "019b83a0-5c1e-7d42-bd75-4c3b8e9fa0b1", name: "Disk fills up", metric: "disk_used_ratio", labels: {}, match: "", condition: "above", threshold: 0.9,
  direction: null, horizon_minutes: null, probability: null, sensitivity: null, for_seconds: 0, severity: "high", enabled: true, channels: [],
  firing_since: null, incident_id: null, evaluated_at: null, evaluation_error: null, created_at: "2026-01-03T12:00:00Z", updated_at: "2026-01-03T12:00:00Z", ...change,
});
/** Forecasts of these values, ten minutes apart from noon on, in an interval of 0.1 to either side. */
const forecast = (...values: number[]) => ({
  metric: "disk_used_ratio", labels: { host: "a" },
  points: values.map((value, index) => ({ time: new Date(NOON + (index + 1) * 10 * MINUTE).toISOString(), predicted_value: value, confidence_lower: value - 0.1, confidence_upper: value + 0.1 })),
});
const at = (breach: Breach | null) => breach && (breach.time - NOON) / MINUTE;

test("the crossing lies on the line between two points, or at the first point", () => {
  expect(at(breachOf(rule(), forecast(0.7, 0.85, 0.95)))).toBe(25);
  expect(at(breachOf(rule(), forecast(0.95)))).toBe(10);
  expect(breachOf(rule(), forecast(0.5, 0.6))).toBeNull();
  expect(at(breachOf(rule({ condition: "below", threshold: 0.2 }), forecast(0.5, 0.4, 0.15)))).toBe(28);
});

test("where the interval's edge alone crosses, a breach is possible, not likely", () => {
  const possible = breachOf(rule(), forecast(0.7, 0.75, 0.85));
  expect([at(possible), possible?.likely]).toEqual([25, false]); // its edge: 0.8, 0.85, 0.95
  expect(breachOf(rule(), forecast(0.85, 0.95))?.likely).toBe(true);
});

test("a rule about forecasts asks for its own probability, horizon and direction", () => {
  const own = rule({ condition: "forecast_breach", direction: "above", horizon_minutes: 120, probability: 0.8 });
  expect(askOf(own).level).toBeCloseTo(0.6, 12);
  expect(askOf(own).horizons).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
  expect(at(breachOf(own, forecast(0.95, 0.97, 1.03)))).toBe(25); // its lower edge: 0.85, 0.87, 0.93
  expect(breachOf(own, forecast(0.95, 0.97))).toBeNull();
  expect(at(breachOf(rule({ condition: "forecast_breach", direction: "below", threshold: 0.2, probability: 0.5 }), forecast(0.3, 0.1)))).toBe(15);
  expect(askOf(rule({ condition: "forecast_breach", horizon_minutes: 3, probability: 0.5 }))).toEqual({ horizons: [1, 2, 3], level: 0.5 });
});

test("rules about forecasts come first, and what is off, fires already or has no threshold is left out", () => {
  const rules = [
    rule({ name: "low", severity: "low" }), rule({ name: "off", enabled: false }), rule({ name: "fires", firing_since: "2026-01-03T12:00:00Z" }),
    rule({ name: "silent", condition: "no_data", threshold: null }), rule({ name: "own", metric: "helios:score" }), rule({ name: "critical", severity: "critical" }),
    rule({ name: "forecast", severity: "low", condition: "forecast_breach", firing_since: "2026-01-03T12:00:00Z" }),
  ];
  expect(rulesAhead(rules).map(({ name }) => name)).toEqual(["forecast", "critical", "low"]);
});

test("the soonest breach of each series is told, the soonest first", () => {
  const breach = (host: string, time: number): Breach => ({ rule: rule(), metric: "m", labels: { host }, threshold: 1, above: true, time, likely: true });
  expect(soonest([breach("a", 30), breach("b", 20), breach("a", 10)]).map(({ labels, time }) => [labels.host, time])).toEqual([["a", 10], ["b", 20]]);
});
