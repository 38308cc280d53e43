// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { fromSelector, type Filter } from "@/lib/label-filters";
import { toMatch } from "./chart-match";
import { readHours } from "./ranges";

describe("toMatch", () => {
  it("can be read back, whatever a value holds", () => {
    const filters: Filter[] = [{ label: "host", operator: "=", value: 'a"b\\c\n🚀' }, { label: "path", operator: "=~", value: "/api/.*" }];
    expect(fromSelector({ labels: {}, match: toMatch(filters) })).toEqual(filters);
  });

  it("is empty without conditions", () => {
    expect(toMatch([])).toBe("");
    expect(toMatch([{ label: "host", operator: "=", value: "" }])).toBe("");
  });
});

describe("readHours", () => {
  it("takes hours that a chart may look back, and nothing else", () => {
    expect(readHours("24")).toBe(24);
    for (const text of [null, "", "0", "2161", "-1", "1e3", "24h"]) expect(readHours(text)).toBeNull();
  });
});
