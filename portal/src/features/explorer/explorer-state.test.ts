// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { readState, writeState, type ExplorerState } from "./explorer-state";

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
