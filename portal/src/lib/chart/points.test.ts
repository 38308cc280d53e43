// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { toChartPoints, usualSpacing } from "./points";

const minute = 60_000;

test("a missing sample is a gap, never a zero", () => {
  const points = toChartPoints([[0, 1], [minute, 2], [2 * minute, 3], [6 * minute, 4]]);
  expect(points.map(({ time, actual }) => [time / minute, actual])).toEqual([[0, 1], [1, 2], [2, 3], [3, null], [6, 4]]);
});

test("a step that is shorter than the samples' own spacing makes no gaps", () => {
  const points = toChartPoints([[0, 1], [4 * minute, 2], [10 * minute, 3], [14 * minute, 4], [30 * minute, 5]], [], 2 * minute);
  expect(points.map(({ time, actual }) => [time / minute, actual])).toEqual([[0, 1], [4, 2], [10, 3], [14, 4], [18, null], [30, 5]]);
});

test("what is no number is a gap too", () => {
  const points = toChartPoints([[0, "NaN"], [minute, null], [2 * minute, "+Inf"], [3 * minute, 0]]);
  expect(points.map(({ actual }) => actual)).toEqual([null, null, null, 0]);
});

test("the forecast starts where the samples end, in the order of time", () => {
  const at = (time: number, value: number) => ({
    time: new Date(time).toISOString(), predicted_value: value, confidence_lower: value - 1, confidence_upper: value + 1,
  });
  const points = toChartPoints([[0, 5], [minute, 6]], [at(3 * minute, 8), at(2 * minute, 7)]);
  expect(points.slice(1)).toEqual([
    { time: minute, actual: 6, predicted: 6, interval: [6, 6] },
    { time: 2 * minute, actual: null, predicted: 7, interval: [6, 8] },
    { time: 3 * minute, actual: null, predicted: 8, interval: [7, 9] },
  ]);
});

test("nothing gives nothing", () => {
  expect(toChartPoints([])).toEqual([]);
  expect(usualSpacing([5])).toBe(0);
});

test("the usual spacing is the median, which one pause does not move", () => {
  expect(usualSpacing([0, 10, 20, 1000])).toBe(10);
});
