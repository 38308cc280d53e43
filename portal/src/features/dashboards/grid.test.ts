// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { clamp, freePlace, inOrder, overlap, put, step, type Place } from "./grid";

const at = (x: number, y: number, width = 6, height = 4): Place => ({ x, y, width, height });
const valid = (charts: Place[]) => charts.every((a, i) => a.x >= 0 && a.x + a.width <= 12 && charts.every((b, j) => i === j || !overlap(a, b)));

describe("put", () => {
  it("lets what is covered make way downwards, and what that covers too", () => {
    const charts = [at(0, 0), at(0, 4), at(6, 0)];
    const moved = put(charts, 2, at(0, 2));
    expect(moved).toEqual([at(0, 6), at(0, 10), at(0, 2)]);
    expect(valid(moved)).toBe(true);
  });

  it("leaves alone what is not in the way", () => {
    expect(put([at(0, 0), at(6, 0)], 0, at(0, 9))).toEqual([at(0, 9), at(6, 0)]);
  });

  it("resizes in the same way", () => {
    expect(put([at(0, 0), at(6, 0)], 0, at(0, 0, 7))).toEqual([at(0, 0, 7), at(6, 4)]);
  });

  it("keeps every chart in the grid and apart, wherever one is put", () => {
    const charts = [at(0, 0), at(6, 0, 6, 2), at(6, 2, 3, 5), at(0, 4, 5, 3), at(9, 2, 3, 3)];
    for (let index = 0; index < charts.length; index += 1) {
      for (let x = -3; x < 15; x += 1) for (let y = -3; y < 12; y += 1) expect(valid(put(charts, index, { ...charts[index]!, x, y }))).toBe(true);
    }
  });
});

describe("step", () => {
  it("moves by a cell where there is room", () => {
    expect(step([at(0, 0)], 0, "right")).toEqual([at(1, 0)]);
    expect(step([at(0, 0)], 0, "left")).toEqual([at(0, 0)]);
  });

  it("changes places with what is in the way", () => {
    expect(step([at(0, 0), at(0, 4, 6, 2)], 0, "down")).toEqual([at(0, 2), at(0, 0, 6, 2)]);
    expect(step([at(0, 0), at(0, 4)], 1, "up")).toEqual([at(0, 4), at(0, 0)]);
    expect(step([at(0, 0), at(6, 0)], 0, "right")).toEqual([at(6, 0), at(0, 0)]);
    expect(step([at(0, 0, 4), at(4, 0, 8)], 1, "left")).toEqual([at(8, 0, 4), at(0, 0, 8)]);
  });

  it("leaves the grid valid in every direction", () => {
    const charts = [at(0, 0), at(6, 0, 6, 2), at(6, 2, 3, 5), at(0, 4, 5, 3), at(9, 2, 3, 3)];
    for (let index = 0; index < charts.length; index += 1) for (const way of ["left", "right", "up", "down"] as const) expect(valid(step(charts, index, way))).toBe(true);
  });
});

describe("freePlace", () => {
  it("is the first that is free from the top left", () => {
    expect(freePlace([], 6, 4)).toEqual(at(0, 0));
    expect(freePlace([at(0, 0)], 6, 4)).toEqual(at(6, 0));
    expect(freePlace([at(0, 0), at(6, 0, 6, 3)], 6, 4)).toEqual(at(6, 3));
    expect(freePlace([at(0, 0, 12, 3)], 6, 4)).toEqual(at(0, 3));
  });
});

describe("clamp", () => {
  it("keeps a chart in the grid, within its sizes", () => {
    expect(clamp(at(11, -2, 6, 1))).toEqual(at(6, 0, 6, 2));
    expect(clamp(at(-1, 2000, 40, 40))).toEqual(at(0, 999, 12, 12));
  });
});

describe("inOrder", () => {
  it("reads from the top, and then from the left", () => {
    expect(inOrder([at(6, 0), at(0, 4), at(0, 0)])).toEqual([at(0, 0), at(6, 0), at(0, 4)]);
  });
});
