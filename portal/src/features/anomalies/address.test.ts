// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { hrefOf, isNarrow, readAddress } from "./address";

const read = (query: string) => readAddress(new URLSearchParams(query));

describe("the page's address", () => {
  it("gives back what was written into it, whatever a metric is called", () => {
    const address = { view: "incidents", status: "false_positive", severity: "high", metric: 'a"b & <c> 🚀', seconds: 86_400, span: { from: 1_000, to: 2_000 }, id: "x", incident: "y" } as const;
    expect(read(hrefOf(address).split("?")[1] ?? "")).toEqual(address);
  });

  it("says nothing of what is as at first", () => {
    expect(hrefOf(read(""))).toBe("/anomalies");
    expect(isNarrow(read("range=86400"))).toBe(false);
    expect(isNarrow(read("status=open"))).toBe(true);
  });

  it("takes no notice of what cannot be", () => {
    expect(read("status=closed&severity=bad&range=5&from=2&to=1&view=x&id=")).toEqual(read(""));
    expect(read("from=-1&to=5").span).toBeNull();
  });
});
