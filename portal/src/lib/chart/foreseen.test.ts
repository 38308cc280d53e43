// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { withForeseen } from "./foreseen";
import { toChartPoints } from "./points";

const MINUTE = 60_000;

test("what was forecast lies on the lines between its moments, with its interval where both bounds were kept", () => {
  const points = toChartPoints([[0, 1], [MINUTE, 2], [5 * MINUTE, 6], [10 * MINUTE, 9]]);
  const drawn = withForeseen(points.filter(({ actual }) => actual !== null), { value: [[0, 10], [5 * MINUTE, 20]], lower: [[0, 5], [5 * MINUTE, 15]], upper: [[0, 15]] });
  expect(drawn.map(({ foreseen }) => foreseen)).toEqual([10, 12, 20, null]);
  expect(drawn.map(({ expected }) => expected)).toEqual([[5, 15], null, null, null]);
});

test("nothing was forecast of a new series", () => {
  expect(withForeseen([{ time: 0, actual: 1, predicted: null, interval: null }], { value: [], lower: [], upper: [] })).toEqual([
    { time: 0, actual: 1, predicted: null, interval: null, foreseen: null, expected: null },
  ]);
});
