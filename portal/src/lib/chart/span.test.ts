// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { horizonsFor, stepFor } from "./span";

const HOUR = 3_600_000;
const span = (hours: number) => ({ from: 0, to: hours * HOUR });

describe("a span", () => {
  it("is read at a round step with at most 400 points", () => {
    expect(stepFor(span(1))).toBe(10); // 360 points
    expect(stepFor(span(6))).toBe(60); // 360
    expect(stepFor(span(24 * 30))).toBe(7_200); // 360
    expect(stepFor(span(24 * 1_000))).toBe(259_200); // three days: 334
  });

  it("is forecast a quarter of itself ahead, within an hour and a day", () => {
    expect(horizonsFor(span(1)).at(-1)).toBe(60);
    expect(horizonsFor(span(24)).at(-1)).toBe(360);
    expect(horizonsFor(span(24 * 30)).at(-1)).toBe(1_440);
  });
});
