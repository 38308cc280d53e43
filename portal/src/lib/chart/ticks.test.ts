// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The tests run in Europe/Berlin, one hour before UTC in winter.
import { expect, test } from "vitest";
import { timeTicks, valueTicks } from "./ticks";

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

test("an axis of values has round ticks that hold them all", () => {
  expect(valueTicks([72.3, 89.9], [91.5, null, 98], "")).toEqual([70, 80, 90, 100]);
  expect(valueTicks([640, 1_000], [900, 1_150], "")).toEqual([600, 800, 1_000, 1_200]);
  expect(valueTicks([-3, 4], [], "")).toEqual([-4, -2, 0, 2, 4]);
  expect(valueTicks([0.0012, 0.0031], [], "")).toEqual([0.001, 0.0015, 0.002, 0.0025, 0.003, 0.0035]);
});

test("bytes are round in powers of 1,024", () => {
  const GIB = 1024 ** 3;
  expect(valueTicks([4.9 * GIB, 6.1 * GIB], [], "bytes").map((tick) => tick / GIB)).toEqual([4.5, 5, 5.5, 6, 6.5]);
});

test("an interval does not lift a share's axis beyond the whole, and a share beyond it does", () => {
  expect(valueTicks([0.7, 0.9], [0, 3.4], "ratio").at(-1)).toBe(1);
  expect(valueTicks([80, 130], [], "percent").at(-1)).toBe(130);
});

test("what is flat has room about it, and nothing has an axis too", () => {
  expect(valueTicks([1, 1], [], "")).toEqual([0.9, 0.95, 1, 1.05, 1.1]);
  expect(valueTicks([0], [], "")).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(valueTicks([null], [undefined], "")).toEqual([0, 1]);
});
