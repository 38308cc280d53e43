// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { toChartRows } from "./rows";

const point = (time: string, predicted_value: number) => ({ time, horizon_minutes: 1, predicted_value, confidence_lower: predicted_value - 1, confidence_upper: predicted_value + 1 });

describe("rows of a chart", () => {
  it("draw each series through the moments of the others, and say what was measured", () => {
    const rows = toChartRows({ series: [[[0, 10], [20_000, 30]], [[10_000, 1]]], forecasts: [], step: 10 });
    expect(rows.map(({ time }) => time)).toEqual([0, 10_000, 20_000]);
    expect(rows.map(({ drawn }) => drawn)).toEqual([[10, null], [20, 1], [30, null]]);
    expect(rows.map(({ measured }) => measured)).toEqual([[10, null], [null, 1], [30, null]]);
  });

  it("leave a gap where samples are missing, also between the samples of another", () => {
    const times = [0, 10_000, 20_000, 60_000, 70_000];
    const rows = toChartRows({ series: [times.map((time) => [time, 1]), [[0, 5], [40_000, 5]]], forecasts: [], step: 10 });
    expect(rows.find(({ time }) => time === 40_000)?.drawn[0]).toBeNull();
    expect(rows.find(({ time }) => time === 10_000)?.drawn[0]).toBe(1);
  });

  it("leave a gap where samples of all series are missing", () => {
    const rows = toChartRows({ series: [[0, 10_000, 20_000, 60_000, 70_000].map((time) => [time, 1])], forecasts: [], step: 10 });
    expect(rows.map(({ time, drawn }) => [time, drawn[0]])).toEqual([[0, 1], [10_000, 1], [20_000, 1], [30_000, null], [60_000, 1], [70_000, 1]]);
  });

  it("draw no line through values that are none", () => {
    const rows = toChartRows({ series: [[[0, 1], [10_000, "NaN"], [20_000, 3]], [[5_000, 1]]], forecasts: [], step: 10 });
    expect(rows.map(({ drawn }) => drawn[0])).toEqual([1, null, null, 3]);
  });

  it("start a forecast at the newest sample, with an interval for one series alone", () => {
    const forecast = [point("1970-01-01T00:01:00Z", 4)];
    const one = toChartRows({ series: [[[0, 2]]], forecasts: [forecast], step: 10 });
    expect(one.map(({ predicted }) => predicted)).toEqual([[2], [4]]);
    expect(one.map(({ interval }) => interval)).toEqual([[2, 2], [3, 5]]);
    const two = toChartRows({ series: [[[0, 2]], [[0, 9]]], forecasts: [forecast, []], step: 10 });
    expect(two.map(({ predicted }) => predicted)).toEqual([[2, null], [4, null]]);
    expect(two.map(({ interval }) => interval)).toEqual([null, null]);
  });

  it("hold what was forecast beforehand, with its interval where both bounds are known", () => {
    const foreseen = { value: [[0, 2], [10_000, 4]], lower: [[0, 1], [10_000, 1]], upper: [[0, 3]] };
    const rows = toChartRows({ series: [[[0, 2], [5_000, 2], [10_000, 2]]], forecasts: [], foreseen, step: 10 });
    expect(rows.map(({ foreseen: each }) => each)).toEqual([2, 3, 4]);
    expect(rows.map(({ expected }) => expected)).toEqual([[1, 3], null, null]);
  });

  it("are none without samples", () => {
    expect(toChartRows({ series: [], forecasts: [], step: 10 })).toEqual([]);
  });
});
