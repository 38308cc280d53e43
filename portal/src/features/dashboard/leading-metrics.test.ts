// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { leadingMetrics, rangeFor } from "./leading-metrics";

test("one of each leading kind comes first, the exact name before longer ones", () => {
  expect(leadingMetrics(["cpu", "cpu_idle", "disk", "memory_used_bytes"], 3)).toEqual(["cpu", "memory_used_bytes", "cpu_idle"]);
  expect(leadingMetrics(["a", "b"], 5)).toEqual(["a", "b"]);
  expect(leadingMetrics(["cpu_count", "cpu_seconds_ratio", "memory_total_bytes", "memory_used_bytes"], 2)).toEqual(["cpu_seconds_ratio", "memory_used_bytes"]);
  expect(leadingMetrics([], 2)).toEqual([]);
});

test("a young series is looked at closely", () => {
  expect(rangeFor(30).seconds).toBe(600);
  expect(rangeFor(1_800).seconds).toBe(3_600);
  expect(rangeFor(86_400).seconds).toBe(21_600);
  expect(rangeFor(30).horizons).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(rangeFor(86_400).horizons).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
});
