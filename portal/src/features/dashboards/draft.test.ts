// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import type { Chart, Dashboard } from "./dashboards";
import { changeOf, draftOf, grouped, isChanged, withChart } from "./draft";

const chart = (x: number, y: number): Chart => ({ title: `${x},${y}`, metric: "cpu", match: "", aggregate: "avg", hours: 6, forecast: false, x, y, width: 6, height: 4 });
const dashboard = (changes: Partial<Dashboard> = {}): Dashboard => ({ id: "d", name: "Web", charts: [chart(6, 0), chart(0, 0)], shared: true, version: 3, created_by: "me", created_at: "", updated_at: "", ...changes });

describe("a draft", () => {
  it("is changed by a change alone, not by the order that charts came in", () => {
    const draft = draftOf(dashboard());
    expect(draft.charts.map(({ x }) => x)).toEqual([0, 6]);
    expect(isChanged(draft, dashboard())).toBe(false);
    expect(isChanged({ ...draft, shared: false }, dashboard())).toBe(true);
  });

  it("gets a chart where there is room", () => {
    expect(withChart(draftOf(dashboard({ charts: [chart(0, 0)] })), chart(0, 0)).charts[1]).toMatchObject({ x: 6, y: 0, width: 6, height: 4 });
  });

  it("is saved against the version that it was made from", () => {
    expect(changeOf({ ...draftOf(dashboard()), name: " Web 2 " }, 3)).toMatchObject({ version: 3, name: "Web 2" });
  });
});

describe("grouped", () => {
  it("tells one's own from what others share", () => {
    const groups = grouped([dashboard(), dashboard({ created_by: "other" }), dashboard({ created_by: null, shared: false })], "me");
    expect(groups.map(({ title, dashboards }) => [title, dashboards.length])).toEqual([["Mine", 1], ["Shared in the organization", 1], ["Not shared, of others", 1]]);
    expect(grouped([], "me")).toEqual([]);
    expect(grouped([dashboard({ created_by: null })], undefined)[0]?.title).toBe("Shared in the organization");
  });
});
