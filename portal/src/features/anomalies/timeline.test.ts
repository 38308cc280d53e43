// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { gridOf, spanOver, toColumns } from "./timeline";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("the timeline", () => {
  it("has columns of a round width, about sixty at most", () => {
    const width = (days: number) => gridOf({ from: 0, to: days * DAY }).width;
    expect(width(1)).toBe(30 * 60_000);
    expect(width(7)).toBe(3 * HOUR);
    expect(width(30)).toBe(12 * HOUR);
    expect(width(90)).toBe(2 * DAY);
    expect(width(3_000)).toBe(7 * DAY);
  });

  it("begins at a round time of the viewer's clock and counts by severity", () => {
    const from = Date.parse("2026-01-03T13:10:00Z"); // 14:10 in Berlin
    const grid = gridOf({ from, to: from + DAY });
    expect(grid).toEqual({ first: Date.parse("2026-01-03T13:00:00Z"), width: 30 * 60_000, count: 49 });
    const columns = toColumns(
      [
        { time: Date.parse("2026-01-03T13:05:00Z"), counts: { low: 2 } },
        { time: Date.parse("2026-01-04T13:09:59Z"), counts: { critical: 1 } },
        { time: Date.parse("2026-01-04T13:00:00Z"), counts: { high: 3, low: 0 } },
        { time: Date.parse("2026-01-04T15:00:00Z"), counts: { high: 1 } },
      ],
      grid,
    );
    expect(columns[0]?.counts.low).toBe(2);
    expect(columns.at(-1)?.counts).toEqual({ critical: 1, high: 3, medium: 0, low: 0 });
    expect(columns.reduce((sum, { total }) => sum + total, 0)).toBe(6);
  });

  it("begins a day at the viewer's midnight", () => {
    expect(gridOf({ from: Date.parse("2026-01-03T13:10:00Z"), to: Date.parse("2026-01-20T13:10:00Z") }).first).toBe(Date.parse("2026-01-03T11:00:00Z")); // noon in Berlin, of 12 h
  });

  it("is dragged over in either direction", () => {
    const columns = [{ from: 0, to: 1 }, { from: 1, to: 2 }, { from: 2, to: 3 }];
    expect(spanOver(columns, 2, 1)).toEqual({ from: 1, to: 3 });
    expect(spanOver(columns, 1, 1)).toEqual({ from: 1, to: 2 });
    expect(spanOver(columns, 0, 7)).toBeNull();
  });
});
