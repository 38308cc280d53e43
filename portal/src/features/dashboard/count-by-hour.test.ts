// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { countByHour } from "./count-by-hour";

const hour = 3_600_000;

test("the present hour is the last column, and what is older than the first is left out", () => {
  const columns = countByHour(
    [
      { time: 10.5 * hour, severity: "high" },
      { time: 10.9 * hour, severity: "low" },
      { time: 8 * hour, severity: "critical" },
      { time: 7.99 * hour, severity: "critical" },
    ],
    10.95 * hour,
    3,
  );
  expect(columns.map(({ start, total }) => [start / hour, total])).toEqual([[8, 1], [9, 0], [10, 2]]);
  expect(columns[2]?.counts).toEqual({ critical: 0, high: 1, medium: 0, low: 1 });
});
