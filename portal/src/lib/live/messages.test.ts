// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { addressOf, delayOf, SeriesNames } from "./messages";

describe("addressOf", () => {
  it("asks once for what several tabs want, in one order", () => {
    expect(addressOf([['{b="1"}', '{a="1"}'], ['{a="1"}']])).toBe(addressOf([['{a="1"}'], ['{b="1"}']]));
    expect(addressOf([['{a="1"}']])).toBe("/api/v1/live?match=%7Ba%3D%221%22%7D");
  });

  it("asks for changes alone where no tab wants samples, and for nothing where there is no tab", () => {
    expect(addressOf([[]])).toBe("/api/v1/live");
    expect(addressOf([])).toBe("");
  });

  it("goes on from an id, whose + is no space", () => {
    expect(addressOf([[]], "A+B=")).toBe("/api/v1/live?last_event_id=A%2BB%3D");
  });

  it("asks for no more than a stream takes", () => {
    const query = new URL(addressOf([Array.from({ length: 20 }, (_, n) => `{a="${n}"}`)]), "http://h").searchParams;
    expect(query.getAll("match")).toHaveLength(10);
  });
});

describe("delayOf", () => {
  it("doubles up to fifteen seconds, of which a half is chance", () => {
    expect([0, 1, 2, 3, 4, 20].map((failures) => delayOf(failures, 1))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(delayOf(0, 0)).toBe(500);
  });
});

describe("SeriesNames", () => {
  it("knows a series by its number once it was introduced", () => {
    const names = new SeriesNames();
    names.learn({ data: { series: [{ series: "7", metric: "cpu", labels: {} }] } });
    expect(names.isAbout({ data: { series: [{ series: "7" }] } }, "cpu")).toBe(true);
    expect(names.isAbout({ data: { series: [{ series: "7" }] } }, "memory")).toBe(false);
  });

  it("takes one that was never introduced for what is asked about", () => {
    expect(new SeriesNames().isAbout({ data: { series: [{ series: "8" }] } }, "memory")).toBe(true);
  });
});
