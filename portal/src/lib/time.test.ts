// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The tests run in Europe/Berlin (vitest.config.ts).
import { expect, test } from "vitest";
import { formatRelative, formatTick, formatTime, formatUtc } from "./time";

const noon = "2026-11-28T12:00:00Z";
const now = Date.parse(noon);

test("times are the viewer's, and UTC beside them", () => {
  expect(formatTime(noon, now)).toBe("28 Nov, 13:00:00");
  expect(formatTime("2025-07-01T12:00:00Z", now)).toBe("1 Jul 2025, 14:00:00");
  expect(formatUtc(noon)).toBe("2026-11-28 12:00:00 UTC");
});

test("what is no time is a dash", () => {
  expect(formatTime("soon")).toBe("–");
  expect(formatUtc("")).toBe("–");
  expect(formatRelative("never", now)).toBe("–");
});

test("relative times lead both ways", () => {
  expect(formatRelative(now - 3_000, now)).toBe("just now");
  expect(formatRelative(now - 40_000, now)).toBe("40 s ago");
  expect(formatRelative(now - 304_000, now)).toBe("5 min ago");
  expect(formatRelative(now + 4_800_000, now)).toBe("in 1 h 20 min");
});

test("an axis over days names the day", () => {
  expect(formatTick(now, 3 * 3_600_000)).toBe("13:00");
  expect(formatTick(now, 72 * 3_600_000)).toBe("28 Nov, 13:00");
});
