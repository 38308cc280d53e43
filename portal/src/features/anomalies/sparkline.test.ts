// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import type { JudgedRow } from "./judged-rows";
import { sparkline } from "./sparkline";

const row = (time: number, value: number | null, odd: number | null = null): JudgedRow => ({ time, value, odd, expected: value, range: value === null ? null : [2, 4] });
const size = { width: 100, height: 10 };

test("a small chart fills its place and ends a line at a gap", () => {
  const { value, odd, range } = sparkline([row(0, 0), row(1, 10, 10), row(2, null), row(3, 5), row(4, 5)], [0, 10], size);
  expect(value).toBe("M0 10L25 0M75 5L100 5");
  expect(odd).toBe("M25 0");
  expect(range).toBe("M0 6L25 6L25 8L0 8ZM75 6L100 6L100 8L75 8Z");
});

test("what lies beyond the axis is cut at its edge, and nothing makes an empty chart", () => {
  expect(sparkline([row(0, 50), row(1, 0)], [0, 10], size).value).toBe("M0 0L100 10");
  expect(sparkline([row(0, 5)], [5, 5], size).value).toBe("M50 5");
  expect(sparkline([], [0, 1], size)).toEqual({ value: "", odd: "", range: "" });
});
