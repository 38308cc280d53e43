// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { toJudgedRows, valueDomain, windowAround } from "./judged-rows";
import type { Judged } from "./queries";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (minute: number, value = 5): Judged => [new Date(minute * MINUTE).toISOString(), value, 5, 4, 6];

describe("the chart of a judged series", () => {
  it("draws the anomaly from the sample before it on", () => {
    const rows = toJudgedRows([at(0), at(1), at(2, 90), at(3)], { from: 2 * MINUTE, to: 2 * MINUTE }, false);
    expect(rows.map(({ odd }) => odd)).toEqual([null, 5, 90, null]);
    expect(rows[2]).toEqual({ time: 2 * MINUTE, value: 90, odd: 90, expected: 5, range: [4, 6] });
  });

  it("breaks where samples are missing, also before the anomaly", () => {
    const rows = toJudgedRows([at(0), at(1), at(2), at(30, 90)], { from: 30 * MINUTE, to: 30 * MINUTE }, false);
    expect(rows.map(({ time, value, odd }) => [time / MINUTE, value, odd])).toEqual([[0, 5, null], [1, 5, null], [2, 5, null], [3, null, null], [30, 90, 90]]);
  });

  it("takes the uneven distances of a thinned series for no gaps", () => {
    const thinned = [at(0), at(1), at(2), at(3), at(4), at(9), at(10), at(11), at(12)];
    expect(toJudgedRows(thinned, { from: -1, to: -1 }, true)).toHaveLength(9);
    expect(toJudgedRows(thinned, { from: -1, to: -1 }, false)).toHaveLength(10);
    expect(toJudgedRows([], { from: 0, to: 1 }, false)).toEqual([]);
  });
});

describe("its axis", () => {
  it("holds values and ranges, but not a range that would hide them", () => {
    const rows = toJudgedRows([at(0), at(1, 7)], { from: -1, to: -1 }, false);
    expect(valueDomain(rows)).toEqual([4, 7]);
    const wild: Judged = [new Date(2 * MINUTE).toISOString(), 5, 5, -1_000, 1_000];
    expect(valueDomain(toJudgedRows([at(0), at(1, 7), wild], { from: -1, to: -1 }, false))).toEqual([4, 8]);
  });

  it("goes below zero only where values do", () => {
    const low: Judged = [new Date(0).toISOString(), 1, 2, -9, 3];
    expect(valueDomain(toJudgedRows([low], { from: -1, to: -1 }, false))[0]).toBe(0.5);
    const below: Judged = [new Date(0).toISOString(), -1, 0, -9, 1];
    expect(valueDomain(toJudgedRows([below], { from: -1, to: -1 }, false))[0]).toBe(-1.5);
    expect(valueDomain([])).toEqual([0, 1]);
  });
});

describe("the time around an anomaly", () => {
  it("has more of before than of after, and nothing of the future", () => {
    expect(windowAround({ from: 100 * HOUR, to: 100 * HOUR }, 3 * HOUR, 200 * HOUR)).toEqual({ from: 97 * HOUR, to: 101 * HOUR });
    expect(windowAround({ from: 100 * HOUR, to: 110 * HOUR }, 3 * HOUR, 112 * HOUR)).toEqual({ from: 80 * HOUR, to: 112 * HOUR });
    expect(windowAround({ from: 100 * HOUR, to: 100 * HOUR }, 24 * HOUR, 200 * HOUR).to).toBe(108 * HOUR);
  });
});
