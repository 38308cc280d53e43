// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { sumOf, toCourseRows, toTargetRows } from "./capacity";

const STEP = 300_000;

describe("sumOf", () => {
  it("adds series up, and carries one that misses a sample for ten minutes", () => {
    const a = [0, 1, 2, 3, 4].map((at) => [at * STEP, 10]);
    const b = [[0, 5], [STEP, 5]];
    expect(sumOf([a, b])).toEqual([[0, 15], [STEP, 15], [2 * STEP, 15], [3 * STEP, 15], [4 * STEP, 10]]);
  });

  it("leaves out what is no number", () => {
    expect(sumOf([[[0, "NaN"], [STEP, 2]]])).toEqual([[STEP, 2]]);
    expect(sumOf([])).toEqual([]);
  });
});

describe("toTargetRows", () => {
  const at = (steps: number) => new Date(steps * STEP).toISOString();

  it("holds what was advised until it changes, and then the schedule", () => {
    const load: [number, number][] = [0, 1, 2, 3].map((step) => [step * STEP, 10 + step]);
    const advice = [{ time: at(2), replicas: 4 }, { time: at(-5), replicas: 3 }];
    const rows = toTargetRows(load, advice, [{ time: at(3), replicas: 5 }, { time: at(4), replicas: 6 }], 3 * STEP);
    expect(rows.map(({ replicas }) => replicas)).toEqual([[3, null], [3, null], [4, null], [4, 5], [null, 6]]);
    expect(rows.map(({ load: each }) => each)).toEqual([10, 11, 12, 13, null]);
  });

  it("breaks the load where samples are missing, and keeps the advice", () => {
    const load: [number, number][] = [0, 1, 2, 9, 10].map((step) => [step * STEP, 1]);
    const rows = toTargetRows(load, [{ time: at(5), replicas: 2 }], [], 10 * STEP);
    expect(rows.filter(({ load: each }) => each === null).map(({ time }) => time)).toEqual([3 * STEP, 5 * STEP]);
    expect(rows.at(-1)?.replicas).toEqual([2, null]);
  });
});

describe("toCourseRows", () => {
  it("marks what was short, and breaks in gaps", () => {
    const point = (step: number, ours_short_seconds = 0) => ({ time: new Date(step * STEP).toISOString(), load: 5, ours: 1, hpa: 2, ours_short_seconds, hpa_short_seconds: 0 });
    const rows = toCourseRows([point(0), point(1, 15), point(2), point(4)], 3);
    expect(rows.map(({ load }) => load)).toEqual([5, 5, 5, null, 5]);
    expect(rows[1]).toMatchObject({ replicas: [1, 2, 3], short: [true, false, false] });
  });
});
