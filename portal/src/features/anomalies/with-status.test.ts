// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { withIncidentStatus, withStatus } from "./with-status";

const a = { id: "a", status: "open" };
const b = { id: "b", status: "open" };

describe("a status changed before the server answers", () => {
  it("shows in one anomaly, in a page, in pages and in an incident", () => {
    const changed = { id: "a", status: "resolved" };
    expect(withStatus(a, "a", "resolved")).toEqual(changed);
    expect(withStatus({ data: [a, b], next_cursor: null }, "a", "resolved")).toEqual({ data: [changed, b], next_cursor: null });
    expect(withStatus({ pages: [{ data: [b] }, { data: [a] }], pageParams: [null] }, "a", "resolved")).toEqual({ pages: [{ data: [b] }, { data: [changed] }], pageParams: [null] });
    expect(withStatus({ id: "i", status: "open", series: [a] }, "a", "resolved")).toEqual({ id: "i", status: "open", series: [changed] });
  });

  it("leaves everything else the same object", () => {
    const page = { data: [b], next_cursor: null };
    expect(withStatus(page, "a", "resolved")).toBe(page);
    expect(withStatus(undefined, "a", "resolved")).toBeUndefined();
    expect(withStatus(null, "a", "resolved")).toBeNull();
  });

  it("takes the undecided anomalies of an incident along, and no others", () => {
    const incident = { id: "i", status: "open", series: [a, { id: "c", status: "false_positive" }, { id: null, status: "acknowledged" }] };
    expect(withIncidentStatus(incident, "i", "resolved")).toEqual({
      id: "i", status: "resolved", series: [{ id: "a", status: "resolved" }, { id: "c", status: "false_positive" }, { id: null, status: "resolved" }],
    });
    expect((withIncidentStatus(incident, "i", "acknowledged") as typeof incident).series.map(({ status }) => status)).toEqual(["acknowledged", "false_positive", "acknowledged"]);
    expect(withIncidentStatus({ ...incident, status: "resolved" }, "i", "open")).toEqual(incident);
    expect(withIncidentStatus({ data: [{ id: "i", status: "open" }] }, "i", "resolved")).toEqual({ data: [{ id: "i", status: "resolved" }] });
  });
});
