// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { fromSelector, readFilter, toSelector, type Filter } from "./label-filters";

describe("filters", () => {
  it("end the label at the first operator, the longest there", () => {
    expect(readFilter("host=~a=b")).toEqual({ label: "host", operator: "=~", value: "a=b" });
    expect(readFilter("host!~a")).toEqual({ label: "host", operator: "!~", value: "a" });
    expect(readFilter("host=")).toEqual({ label: "host", operator: "=", value: "" });
  });

  it("become labels where they are equal, and matchers with quotes escaped where not", () => {
    expect(toSelector([{ label: "a.b", operator: "=", value: '"' }])).toEqual({ labels: { "a.b": '"' } });
    expect(toSelector([{ label: "host", operator: "=", value: "a" }, { label: "host", operator: "=", value: "b" }, { label: "job", operator: "!=", value: 'x"\\' }])).toEqual({
      labels: { host: "a" },
      match: '{host="b",job!="x\\"\\\\"}',
    });
  });

  it("hold nothing back while their value is still to be chosen", () => {
    expect(toSelector([{ label: "host", operator: "=", value: "" }, { label: "job", operator: "=~", value: "" }])).toEqual({ labels: {} });
    expect(toSelector([{ label: "az", operator: "!=", value: "" }])).toEqual({ labels: {}, match: '{az!=""}' });
  });

  it("come back from what the API holds", () => {
    const filters: Filter[] = [
      { label: "host", operator: "=", value: 'a"b' },
      { label: "job", operator: "=~", value: 'x\\d+"\n, }' },
      { label: "az", operator: "!=", value: "" },
      { label: "az", operator: "!~", value: "eu'.*" },
    ];
    expect(fromSelector(toSelector(filters))).toEqual(filters);
  });

  it("are read as the server reads them", () => {
    expect(fromSelector({ labels: {} })).toEqual([]);
    expect(fromSelector({ labels: {}, match: " { } " })).toEqual([]);
    expect(fromSelector({ labels: {}, match: "{ host =~ 'web-\\d' , }" })).toEqual([{ label: "host", operator: "=~", value: "web-\\d" }]);
  });

  it("are none where the matchers cannot be read", () => {
    for (const match of ["host=1", "{host}", '{host="a" job="b"}', '{host="a}', '{host="a"},']) expect(fromSelector({ labels: {}, match })).toBeNull();
  });
});
