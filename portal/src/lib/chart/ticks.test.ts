// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The tests run in Europe/Berlin, one hour before UTC in winter.
import { expect, test } from "vitest";
import { timeTicks } from "./ticks";

const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);

test("ticks are round times, evenly apart", () => {
  expect(timeTicks(at("10:07:13"), at("10:41:00")).map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
    "10:10", "10:15", "10:20", "10:25", "10:30", "10:35", "10:40",
  ]);
});

test("days begin at the viewer's midnight", () => {
  const ticks = timeTicks(at("00:00:00"), at("00:00:00") + 5 * 86_400_000);
  expect(new Date(ticks[0] ?? 0).toISOString()).toBe("2026-11-28T23:00:00.000Z");
});

test("a moment without length has at most itself", () => {
  expect(timeTicks(at("10:00:00"), at("10:00:00"))).toEqual([at("10:00:00")]);
  expect(timeTicks(at("10:00:00") + 1, at("10:00:00") + 1)).toEqual([]);
});
