// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { liveMatch, mergeTail, tailStart, type Explored } from "./live-tail";

const read = (points: Record<string, [number, number][]>, from: number, to: number): Explored => ({
  series: Object.entries(points).map(([host, of]) => ({ metric: "cpu", labels: { host }, points: of })),
  truncated: false,
  span: { from, to },
  step: 10,
});

describe("tailStart", () => {
  it("begins a step before the one that the last read ended in", () => {
    expect(tailStart(read({}, 0, 59_000))).toBe(40_000);
    expect(tailStart(read({}, 0, 60_000))).toBe(50_000);
  });
});

describe("mergeTail", () => {
  it("replaces the steps that were read again, and moves the span on", () => {
    const shown = read({ a: [[0, 1], [30_000, 2], [40_000, 3], [50_000, 4]] }, 0, 59_000);
    const merged = mergeTail(shown, read({ a: [[40_000, 3], [50_000, 5], [60_000, 6]] }, 40_000, 69_000), 12);
    expect(merged.series[0]?.points).toEqual([[0, 1], [30_000, 2], [40_000, 3], [50_000, 5], [60_000, 6]]);
    expect(merged.span).toEqual({ from: 10_000, to: 69_000 });
  });

  it("lets go of what the span has left, a step later", () => {
    const shown = read({ a: [[0, 1], [30_000, 2]], b: [[0, 9]] }, 0, 59_000);
    const merged = mergeTail(shown, read({}, 60_000, 79_000), 12);
    expect(merged.series.map(({ labels, points }) => [labels.host, points])).toEqual([["a", [[30_000, 2]]]]);
  });

  it("adds a series that appeared, up to as many as are shown", () => {
    const shown = read({ a: [[30_000, 1]] }, 0, 59_000);
    const tail = read({ b: [[50_000, 2]], c: [[50_000, 3]] }, 40_000, 59_000);
    expect(mergeTail(shown, tail, 12).series.map(({ labels }) => labels.host)).toEqual(["a", "b", "c"]);
    expect(mergeTail(shown, tail, 2)).toMatchObject({ truncated: true, series: [{ labels: { host: "a" } }, { labels: { host: "b" } }] });
  });
});

describe("liveMatch", () => {
  it("names metric and conditions as a matcher, quoted", () => {
    expect(liveMatch({ metric: 'a"b', filters: [] })).toBe('{__name__="a\\"b"}');
    expect(liveMatch({ metric: "cpu", filters: [{ label: "host", operator: "=", value: "w" }, { label: "mode", operator: "!~", value: "i.*" }] }))
      .toBe('{__name__="cpu",host="w",mode!~"i.*"}');
  });

  it("leaves out a label that no matcher can name", () => {
    expect(liveMatch({ metric: "cpu", filters: [{ label: "a.b", operator: "=", value: "w" }] })).toBe('{__name__="cpu"}');
  });
});
