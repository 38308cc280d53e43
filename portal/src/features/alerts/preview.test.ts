// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { marksOf, spansOf, summaryOf } from "./preview";

const at = (minute: number) => new Date(Date.parse("2026-01-01T00:00:00Z") + minute * 60_000).toISOString();
const incident = (from: number, to: number | null) => ({ started_at: at(from), resolved_at: to === null ? null : at(to), series: [] });
const replay = (...incidents: ReturnType<typeof incident>[]) => ({ from: at(0), to: at(1_000), incident_count: incidents.length, incidents });

describe("the sum of a replay", () => {
  it("counts incidents and their minutes", () => {
    expect(summaryOf(replay())).toBe("Would not have fired");
    expect(summaryOf(replay(incident(10, 11)))).toBe("Would have fired once, 1 minute in all");
    expect(summaryOf(replay(incident(10, 40), incident(50, 62)))).toBe("Would have fired 2 times, 42 minutes in all");
    expect(summaryOf(replay(incident(10, 10)))).toBe("Would have fired once, under a minute in all");
    expect(summaryOf(replay(incident(0, 200)))).toBe("Would have fired once, 3 h 20 min in all");
  });

  it("counts what still would fire until now, and what began before from the beginning", () => {
    expect(summaryOf(replay(incident(970, null)))).toBe("Would have fired once, 30 minutes in all");
    expect(summaryOf(replay(incident(-500, 5)))).toBe("Would have fired once, 5 minutes in all");
  });

  it("is at least what is told, where there was more", () => {
    expect(summaryOf({ ...replay(incident(10, 20)), incident_count: 1_500 })).toBe("Would have fired 1,500 times, over 10 minutes in all");
  });
});

describe("marks", () => {
  const whole = { from: 0, to: 1_000 };

  it("are wide enough to be seen, and within the chart", () => {
    expect(marksOf([{ from: 100, to: 101 }], whole, 100)).toEqual([{ from: 100, to: 110 }]);
    expect(marksOf([{ from: 999, to: 1_000 }], whole, 100)).toEqual([{ from: 990, to: 1_000 }]);
    expect(marksOf([{ from: 100, to: 300 }], whole, 100)).toEqual([{ from: 100, to: 300 }]);
  });

  it("that would touch are one", () => {
    expect(marksOf([{ from: 0, to: 2 }, { from: 5, to: 7 }, { from: 50, to: 60 }], whole, 100)).toEqual([{ from: 0, to: 15 }, { from: 50, to: 60 }]);
    expect(marksOf(Array.from({ length: 1_000 }, (_, index) => ({ from: index, to: index })), whole, 100)).toHaveLength(1);
  });

  it("come from incidents within the replay", () => {
    expect(spansOf(replay(incident(-5, 5), incident(990, null))).map(({ from, to }) => [(from - Date.parse(at(0))) / 60_000, (to - Date.parse(at(0))) / 60_000])).toEqual([[0, 5], [990, 1_000]]);
  });
});
