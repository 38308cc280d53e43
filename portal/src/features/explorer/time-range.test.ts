// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { dragged, pan, spanOf, zoom } from "./time-range";

describe("a span", () => {
  it("ends now where it is relative", () => {
    expect(spanOf({ seconds: 60 }, 100_000)).toEqual({ from: 40_000, to: 100_000 });
    expect(spanOf({ from: 1, to: 2 }, 100_000)).toEqual({ from: 1, to: 2 });
  });

  it("moves and grows, never into the future", () => {
    expect(pan({ from: 0, to: 100_000 }, -0.25, 200_000)).toEqual({ from: -25_000, to: 75_000 });
    expect(pan({ from: 0, to: 100_000 }, 0.25, 110_000)).toEqual({ from: 10_000, to: 110_000 });
    expect(zoom({ from: 0, to: 100_000 }, 0.5, 200_000)).toEqual({ from: 25_000, to: 75_000 });
    expect(zoom({ from: 0, to: 100_000 }, 2, 100_000)).toEqual({ from: -100_000, to: 100_000 });
    expect(zoom({ from: 0, to: 10_000 }, 0.5, 100_000)).toEqual({ from: 0, to: 10_000 });
  });

  it("is dragged in either direction, and a click drags none", () => {
    expect(dragged(50_000, 20_000)).toEqual({ from: 20_000, to: 50_000 });
    expect(dragged(20_000, 20_100)).toBeNull();
  });
});
