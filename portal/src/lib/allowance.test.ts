// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { allowanceText, fullness, projected } from "./allowance";

const DAY = 86_400_000;

describe("fullness()", () => {
  it("is calm, near its end, or over", () => {
    expect(fullness({ used: 79, included: 100 })).toEqual({ share: 0.79, level: "calm" });
    expect(fullness({ used: 80, included: 100 })?.level).toBe("near");
    expect(fullness({ used: 100, included: 100 })?.level).toBe("over");
  });
  it("has none without an end", () => {
    expect(fullness({ used: 5, included: null })).toBeNull();
    expect(allowanceText({ used: 5, included: null })).toBe("no limit");
  });
  it("claims no more digits than anyone wants", () => {
    expect(allowanceText({ used: 1, included: 10_000 })).toBe("under 0.1 % of 10,000");
    expect(allowanceText({ used: 0, included: 2 })).toBe("0 % of 2");
    expect(allowanceText({ used: 1, included: 2 })).toBe("50 % of 2");
  });
});

describe("projected()", () => {
  it("goes on at the pace so far", () => {
    expect(projected(100, 0, 30 * DAY, 10 * DAY)).toBe(300);
  });
  it("says nothing on the first day", () => {
    expect(projected(100, 0, 30 * DAY, DAY - 1)).toBeNull();
  });
});
