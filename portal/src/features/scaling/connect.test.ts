// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { connectionsOf } from "./connect";
import { formatMoney } from "./money";

const target = { id: "t1", name: 'shop "<b>"', metric: "rps", labels: {}, min_replicas: 0, max_replicas: 40, advice: null };

describe("connectionsOf", () => {
  it("names the endpoint and the target wherever they are asked for", () => {
    const [keda, kubernetes, webhook] = connectionsOf("https://helios.example", target);
    expect(keda?.blocks[0]?.text).toContain("https://helios.example/api/v1/scaling-targets/t1/keda");
    expect(kubernetes?.blocks[0]?.text).toContain("target_id: t1");
    expect(kubernetes?.blocks[0]?.text).toContain("minReplicas: 1\n");
    expect(kubernetes?.blocks[1]?.text).toContain("labelSelector=target_id%3Dt1");
    expect(JSON.parse(webhook?.blocks[1]?.text ?? "").data.scaling_target.name).toBe('shop "<b>"');
  });
});

describe("formatMoney", () => {
  it("has cents where they tell anything, and no sign where no currency is known", () => {
    expect(formatMoney(12.9, "EUR")).toBe("€12.90");
    expect(formatMoney(1240.4, "USD")).toBe("US$1,240");
    expect(formatMoney(1240, null)).toBe("1.24k");
  });
});
