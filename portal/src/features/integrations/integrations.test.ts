// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { INTEGRATIONS } from "./integrations";

describe("INTEGRATIONS", () => {
  it("hold the endpoint, and KEDA's the target", () => {
    for (const { text } of INTEGRATIONS) expect(text("https://helios.example", "t1")).toContain("https://helios.example");
    expect(INTEGRATIONS.find(({ id }) => id === "keda")?.text("https://helios.example", "t1")).toContain("https://helios.example/api/v1/scaling-targets/t1/keda");
  });
});
