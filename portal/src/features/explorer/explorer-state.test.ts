// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { readFilter, readState, toSelector, writeState, type ExplorerState } from "./explorer-state";

const read = (text: string) => readState(new URLSearchParams(text));

describe("the address of the explorer", () => {
  it("holds the whole state", () => {
    const state: ExplorerState = {
      metric: 'höhe "&" <b>',
      filters: [{ label: "host", operator: "=~", value: "web-[12]=~x" }, { label: "az", operator: "!=", value: "" }],
      range: { from: 1_767_225_600_000, to: 1_767_229_200_000 },
      aggregate: "max",
      step: 60,
      forecast: false,
    };
    expect(read(writeState(state))).toEqual(state);
  });

  it("says nothing of what is as at first", () => {
    expect(writeState(read(""))).toBe("");
    expect(read("").range).toEqual({ seconds: 21_600 });
  });

  it("is forgiven what is wrong in it", () => {
    expect(read("from=9&to=5&range=-1&aggregate=median&step=1e9&where=host&where==x")).toEqual(read(""));
    expect(read("range=99999999999").range).toEqual({ seconds: 21_600 });
  });
});

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
});
