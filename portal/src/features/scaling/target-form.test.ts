// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { readTarget, toPercent, toShare } from "./target-form";

const fields = (values: Record<string, string>) => { const data = new FormData(); for (const [name, value] of Object.entries(values)) data.append(name, value); return data; };

describe("readTarget", () => {
  it("turns percentages into shares, and empty fields into none", () => {
    const read = readTarget(fields({ name: " shop ", per_replica_capacity: "2.5", min_replicas: "0", max_replicas: "40", max_violation_percent: "0.3", cost_per_replica_hour: "", currency: "eur", live: "on", channel: "c1" }), "rps", [{ label: "service", operator: "=", value: 'a"b' }]);
    expect(read).toMatchObject({ name: "shop", metric: "rps", labels: { service: 'a"b' }, per_replica_capacity: 2.5, min_replicas: 0, max_replicas: 40, max_violation_ratio: 0.003, cost_per_replica_hour: null, currency: "EUR", mode: "advise", enabled: false, channels: ["c1"], all_webhooks: false });
    expect(read.startup_seconds).toBeUndefined();
  });

  it("is in shadow mode unless it is live", () => {
    expect(readTarget(fields({}), "rps", []).mode).toBe("shadow");
  });
});

describe("toShare", () => {
  it("leaves nothing behind of the division", () => {
    expect(toShare(0.7)).toBe(0.007);
    expect(toPercent(0.007)).toBe(0.7);
    expect(toPercent(toShare(99.999))).toBe(99.999);
  });
});
