// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { choose } from "./choose-series";

const NOW = Date.parse("2026-01-03T12:00:00Z");
const series = (metric: string, labels: Record<string, string> = {}, secondsAgo = 1) => ({
  metric, labels, first_seen: "2026-01-03T11:59:00Z", last_seen: new Date(NOW - secondsAgo * 1000).toISOString(),
});

test("a flat series gives way to one that moves", () => {
  const flat = { series: series("cpu"), values: [0, 0, 0] };
  const moving = { series: series("orders"), values: [3, 4, 3] };
  expect(choose([flat, moving], NOW)).toEqual({ series: moving.series, settled: true, ready: true });
});

test("a better series that has just begun is waited for, and one that fell silent is not", () => {
  const moving = { series: series("memory_used_bytes"), values: [1, 2, 3] };
  expect(choose([{ series: series("cpu"), values: [1, 2] }, moving], NOW)).toMatchObject({ series: { metric: "cpu" }, settled: false, ready: false });
  expect(choose([{ series: series("cpu", {}, 61), values: [1, 2] }, moving], NOW)).toEqual({ series: moving.series, settled: true, ready: true });
});

test("where nothing moves the best there is serves for the time being", () => {
  const flat = (name: string) => ({ series: series(name), values: [1, 1, 1] });
  expect(choose([flat("a"), flat("b")], NOW)).toMatchObject({ series: { metric: "a" }, settled: false, ready: true });
  expect(choose([], NOW)).toBeNull();
});
