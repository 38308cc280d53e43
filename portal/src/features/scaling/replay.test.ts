// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { policyRows, savedAMonth, verdictOf, type Outcome, type Replay } from "./replay";

const outcome = (replica_hours: number, lost_load_share: number): Outcome => ({ replica_hours, lost_load_share, short_time_share: lost_load_share * 2, most_replicas: 9, ratio: 1 });
const EURO = { hourly: 0.1, currency: "EUR" };
const FREE = { hourly: null, currency: null };

function replay(ours: Outcome, hpa: Outcome & { keeps_up?: boolean }, days = 7): Replay {
  return { days, ours, hpa: { keeps_up: true, target_utilisation: 0.62, ...hpa }, static: outcome(1512, 0), oracle: outcome(300, 0), saved_share: 1 - ours.replica_hours / hpa.replica_hours };
}

describe("verdictOf", () => {
  it("says what is saved where no more is lost", () => {
    expect(verdictOf(replay(outcome(400, 0.0004), outcome(500, 0.0009)), 0.001, EURO)).toEqual({
      kind: "saves",
      text: "Over 7 days of your own load, Helios would have used 20 % fewer replica-hours (€10.00 less) than the best-set HPA, and lost no more of it: 0.04 % against 0.09 %.",
    });
  });

  it("says that more is lost where it is", () => {
    const { kind, text } = verdictOf(replay(outcome(400, 0.0009), outcome(500, 0.0004)), 0.001, FREE);
    expect(kind).toBe("trade");
    expect(text).toContain("but lost more of it: 0.09 % against 0.04 %, where you tolerate 0.1 %");
    expect(text).not.toContain("less)");
  });

  it("says that nothing is saved, and what the HPA would have saved", () => {
    expect(verdictOf(replay(outcome(499, 0), outcome(500, 0)), 0.001, FREE)).toMatchObject({ kind: "none" });
    const dearer = verdictOf(replay(outcome(550, 0), outcome(500, 0)), 0.001, EURO);
    expect(dearer.kind).toBe("dearer");
    expect(dearer.text).toContain("saves nothing");
    expect(dearer.text).toContain("10 % more replica-hours (€5.00 more)");
  });

  it("names a loss beyond what is tolerated before any saving", () => {
    const { kind, text } = verdictOf(replay(outcome(400, 0.02), outcome(500, 0.001)), 0.001, FREE);
    expect(kind).toBe("over");
    expect(text).toContain("would have lost 2 %, the best-set HPA 0.1 %");
  });

  it("claims no saving against an HPA that cannot keep up", () => {
    expect(verdictOf(replay(outcome(600, 0.0001), { ...outcome(500, 0.003), keeps_up: false }), 0.001, FREE)).toMatchObject({ kind: "safer" });
  });

  it("says nothing of less than a day", () => {
    expect(verdictOf(replay(outcome(4, 0), outcome(5, 0), 0.5), 0.001, FREE).text).toContain("Only 12 h of history");
  });
});

describe("savedAMonth", () => {
  it("is of thirty days like those replayed", () => {
    expect(savedAMonth(replay(outcome(400, 0), outcome(470, 0)), EURO)).toBeCloseTo(30); // 70 h in 7 days are 300 h a month
    expect(savedAMonth(replay(outcome(400, 0), outcome(470, 0)), FREE)).toBeNull();
  });
});

describe("policyRows", () => {
  it("has ours first, with what each costs and how long it was short", () => {
    const rows = policyRows(replay(outcome(400, 0.001), outcome(500, 0)), EURO);
    expect(rows.map(({ cost }) => cost)).toEqual(["€40.00", "€50.00", "€151", "€30.00"]);
    expect(rows[0]).toMatchObject({ ours: true, shortTime: "20 min 10 s" }); // 0.2 % of a week
    expect(rows[1]?.explanation).toContain("62 %");
  });
});
