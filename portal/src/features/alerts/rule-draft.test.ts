// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { emptyDraft, missing, ruleFieldOf, thresholdOf, toDraft, toPreview, toRule, withCondition, type Rule, type RuleDraft } from "./rule-draft";

const draft: RuleDraft = { ...emptyDraft, name: " CPU \"is\" <b>busy</b> 🔥 ", metric: "cpu", threshold: "90" };

const rule: Rule = {
  id: "r", name: "CPU", metric: "cpu", labels: { host: "a" }, match: '{az=~"eu.*"}', condition: "forecast_breach", threshold: 0.95, direction: "below", horizon_minutes: 1440, probability: 0.8,
  sensitivity: null, for_seconds: 0, severity: "high", enabled: false, channels: ["c"], firing_since: null, incident_id: null, evaluated_at: null, evaluation_error: null,
  created_at: "2026-01-03T12:00:00Z", updated_at: "2026-01-03T12:00:00Z",
};

describe("a rule's draft", () => {
  it("becomes what its condition uses, and nothing else", () => {
    expect(toRule(draft)).toEqual({ name: 'CPU "is" <b>busy</b> 🔥', metric: "cpu", labels: {}, match: "", condition: "above", threshold: 90, for_seconds: 300, severity: "medium", enabled: true, channels: [] });
    expect(toRule({ ...draft, condition: "outside_expected" })).not.toHaveProperty("threshold");
    expect(toRule({ ...draft, condition: "outside_expected" })).toHaveProperty("sensitivity", 2.5);
    expect(Object.keys(toRule({ ...draft, condition: "no_data" }))).toEqual(["name", "metric", "labels", "match", "condition", "for_seconds", "severity", "enabled", "channels"]);
  });

  it("comes back as it was saved", () => {
    const { id, sensitivity, firing_since, incident_id, evaluated_at, evaluation_error, created_at, updated_at, ...said } = rule;
    expect(toRule(toDraft(rule))).toEqual(said);
    expect([id, sensitivity, firing_since, incident_id, evaluated_at, evaluation_error, created_at, updated_at]).toHaveLength(8);
  });

  it("keeps matchers that it cannot take apart as they are", () => {
    const odd = toDraft({ ...rule, match: '{az="eu"' });
    expect(odd.match).toBe('{az="eu"');
    expect(toRule(odd)).toMatchObject({ labels: { host: "a" }, match: '{az="eu"' });
  });

  it("gives silence a length", () => {
    expect(withCondition({ ...draft, forSeconds: 0 }, "no_data").forSeconds).toBe(300);
    expect(withCondition({ ...draft, forSeconds: 60 }, "no_data").forSeconds).toBe(60);
    expect(withCondition({ ...draft, forSeconds: 0 }, "below").forSeconds).toBe(0);
  });

  it("says what is missing", () => {
    expect(missing(draft)).toEqual({});
    expect(Object.keys(missing(emptyDraft))).toEqual(["name", "metric", "threshold"]);
    expect(missing({ ...draft, threshold: "ninety" })).toEqual({ threshold: "Not a number" });
    expect(missing({ ...draft, threshold: "", condition: "no_data" })).toEqual({});
  });

  it("is shown beforehand without its name, and not before there is enough of it", () => {
    expect(toPreview({ ...draft, name: "", channels: ["c"], severity: "high" })).toEqual(toPreview(draft));
    expect(toPreview({ ...draft, threshold: "" })).toBeNull();
    expect(toPreview({ ...draft, metric: "" })).toBeNull();
  });
});

describe("a threshold", () => {
  it("is read as people write numbers", () => {
    for (const [threshold, value] of [["90", 90], [" 0.5 ", 0.5], ["0,5", 0.5], ["-3", -3], ["−3", -3], [".5", 0.5], ["1e9", 1e9]] as const) expect(thresholdOf({ threshold })).toBe(value);
  });

  it("is none where it is no number", () => {
    for (const threshold of ["", "abc", "1e999", "0x10", "1,000,000", "NaN", "Infinity", "90 %", "."]) expect(thresholdOf({ threshold })).toBeNull();
  });
});

describe("what the API refuses", () => {
  it("stands at its field", () => {
    const of = (code: string, message: string) => ruleFieldOf({ code, message });
    expect(of("http.bad_field", "cannot read field 'name': got 300 bytes; want at most 255")).toBe("name");
    expect(of("http.bad_field", "cannot read field 'labels.host': got a number; want a string")).toBe("match");
    expect(of("http.bad_field", "cannot read field 'severity': got x; want low")).toBeNull();
    expect(of("alerting.bad_rule", "cannot use the alert rule: its name must have 1 to 255 bytes without control characters")).toBe("name");
    expect(of("alerting.bad_rule", "cannot use the alert rule: no_data wants for_seconds of 60 at least: how long the silence lasts")).toBe("for_seconds");
    expect(of("alerting.bad_rule", "cannot use the alert rule: the condition 'above' wants a threshold")).toBe("threshold");
    expect(of("query.bad_match", "cannot read match at byte 3: got the end; want a quoted string")).toBe("match");
    expect(of("alerting.no_such_channel", "cannot find the channel")).toBe("channels");
    expect(of("alerting.rule_limit", "cannot add: an organization has 1000 rules at most")).toBeNull();
    expect(of("gateway.overloaded", "cannot answer now")).toBeNull();
  });
});
