// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { byUrgency, conditionText, stateOf, subjectText } from "./rule-words";

const told = { condition: "above", metric: "cpu_usage_percent", threshold: 90, direction: null, horizon_minutes: null, probability: null, for_seconds: 300 } as const;

describe("a rule in words", () => {
  it("says its condition with the metric's unit", () => {
    expect(conditionText(told)).toBe("above 90 % for 5 min");
    expect(conditionText({ ...told, condition: "below", for_seconds: 0 })).toBe("below 90 %");
    expect(conditionText({ ...told, condition: "no_data", threshold: null })).toBe("silent for 5 min");
    expect(conditionText({ ...told, condition: "outside_expected", threshold: null, for_seconds: 0 })).toBe("outside what is expected");
    expect(conditionText({ ...told, condition: "forecast_breach", direction: "below", horizon_minutes: 1440, probability: 0.8, for_seconds: 0 })).toBe("forecast below 90 % within 1 d, 80 % likely");
  });

  it("says which series it is about", () => {
    expect(subjectText({ metric: "cpu", labels: {}, match: "" })).toBe("cpu");
    expect(subjectText({ metric: "cpu", labels: {}, match: '{az=~"eu.*"}' })).toBe('cpu{az=~"eu.*"}');
    expect(subjectText({ metric: "cpu", labels: { host: 'a"b' }, match: '{az!=""}' })).toBe('cpu{host="a\\"b"} {az!=""}');
  });
});

describe("the state of rules", () => {
  const rule = { name: "a", enabled: true, firing_since: null, evaluation_error: null, evaluated_at: "2026-01-03T12:00:00Z" };

  it("is what matters most of it", () => {
    expect(stateOf(rule)).toBe("fine");
    expect(stateOf({ ...rule, evaluated_at: null })).toBe("waiting");
    expect(stateOf({ ...rule, evaluation_error: "cannot read" })).toBe("failing");
    expect(stateOf({ ...rule, evaluation_error: "cannot read", firing_since: "2026-01-03T12:00:00Z" })).toBe("firing");
    expect(stateOf({ ...rule, enabled: false, firing_since: "2026-01-03T12:00:00Z" })).toBe("off");
  });

  it("orders them: what fires first, what is off last, then by name", () => {
    const rules = [{ ...rule, name: "off", enabled: false }, { ...rule, name: "z" }, { ...rule, name: "new", evaluated_at: null }, { ...rule, name: "hot", firing_since: "2026-01-03T12:00:00Z" }];
    expect(byUrgency(rules).map(({ name }) => name)).toEqual(["hot", "new", "z", "off"]);
  });
});
