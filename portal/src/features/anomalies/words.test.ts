// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { departureText, durationText, judgedUnit, kindsText, nextStatuses } from "./words";

test("what was noticed is one sentence", () => {
  expect(kindsText(["event", "point"])).toBe("It behaved as it never had before; single samples were far from where they were expected.");
  expect(kindsText(["missing_data"])).toBe("Samples were missing.");
  expect(kindsText([])).toBe("");
});

test("a duration is that of its span, or until now", () => {
  const started_at = "2026-01-03T12:00:00Z";
  expect(durationText({ started_at, ended_at: "2026-01-03T12:05:00Z" }, 0)).toBe("5 min");
  expect(durationText({ started_at, ended_at: started_at }, 0)).toBe("one sample");
  expect(durationText({ started_at, ended_at: null }, Date.parse("2026-01-03T12:07:41Z"))).toBe("7 min so far");
  expect(durationText({ started_at, ended_at: null }, 0)).toBe("0 s so far");
});

test("a departure is told as people would", () => {
  expect(departureText(98, 41)).toBe("2.4 times");
  expect(departureText(1000, 50)).toBe("20 times");
  expect(departureText(60, 50)).toBe("20 % above");
  expect(departureText(30, 50)).toBe("40 % below");
  expect(departureText(50, 50)).toBe("");
  expect(departureText(5, 0)).toBe("");
  expect(departureText(null, 5)).toBe("");
  expect(departureText(-5, 5)).toBe("");
});

test("a counter is judged by its rate", () => {
  expect(judgedUnit("requests_total")).toBe("/s");
  expect(judgedUnit("network_bytes_total")).toBe("bytes/s");
  expect(judgedUnit("cpu_seconds_total")).toBe("ratio");
  expect(judgedUnit("cpu_usage_percent")).toBe("percent");
});

test("who has decided may take it back, and decides on what is open or acknowledged", () => {
  expect(nextStatuses("open")).toEqual(["acknowledged", "resolved", "false_positive"]);
  expect(nextStatuses("acknowledged")).toEqual(["resolved", "false_positive", "open"]);
  expect(nextStatuses("resolved")).toEqual(["open"]);
  expect(nextStatuses("false_positive")).toEqual(["open"]);
});
