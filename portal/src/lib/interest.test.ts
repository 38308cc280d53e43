// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { byInterest } from "./interest";

const series = (metric: string, labels: Record<string, string> = {}) => ({ metric, labels });

test("the processor's work comes first, then memory in use and load, and what hardly changes last", () => {
  const agent = [
    series("cpu_count"), series("cpu_seconds_ratio", { mode: "idle" }), series("cpu_seconds_ratio", { mode: "user" }),
    series("disk_used_ratio"), series("load1"), series("memory_total_bytes"), series("memory_used_bytes"), series("uptime_seconds"),
  ];
  expect(byInterest(agent).map(({ metric, labels }) => metric + (labels.mode ?? ""))).toEqual([
    "cpu_seconds_ratiouser", "cpu_seconds_ratioidle", "memory_used_bytes", "load1", "disk_used_ratio", "cpu_count", "memory_total_bytes", "uptime_seconds",
  ]);
});

test("names that tell nothing stay in their order", () => {
  expect(byInterest([series("b"), series("a"), series("up")]).map(({ metric }) => metric)).toEqual(["b", "a", "up"]);
});
