// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import type { Labels } from "@/lib/api/types";
import { cardinality, valuesOf } from "./cardinality";

const series: { labels: Labels }[] = [{ labels: { host: "b", az: "x" } }, { labels: { host: "a", az: "x" } }, { labels: { host: "c" } }, { labels: { host: "a", az: "x", constructor: "1" } }];

describe("cardinality", () => {
  it("counts values and series of each label, the widest label first", () => {
    expect(cardinality(series, 2)).toEqual([
      { label: "host", values: 3, series: 4, top: [{ value: "a", series: 2 }, { value: "b", series: 1 }] },
      { label: "az", values: 1, series: 3, top: [{ value: "x", series: 3 }] },
      { label: "constructor", values: 1, series: 1, top: [{ value: "1", series: 1 }] },
    ]);
    expect(cardinality([])).toEqual([]);
  });

  it("lists values in their order, once", () => {
    expect(valuesOf(series, "host")).toEqual(["a", "b", "c"]);
    expect(valuesOf(series, "none")).toEqual([]);
  });
});
