// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Places on a grid of twelve columns, none over another. The order of the places is kept: an index names a chart.

export type Place = { x: number; y: number; width: number; height: number };
export type Direction = "left" | "right" | "up" | "down";

export const COLUMNS = 12;
export const LEAST_WIDTH = 2;
export const LEAST_HEIGHT = 2;
export const MOST_HEIGHT = 12;
const LAST_ROW = 999;

export function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Within the grid, and no smaller or larger than a chart may be. */
export function clamp({ x, y, width, height }: Place): Place {
  const wide = between(Math.round(width), LEAST_WIDTH, COLUMNS);
  return { x: between(Math.round(x), 0, COLUMNS - wide), y: between(Math.round(y), 0, LAST_ROW), width: wide, height: between(Math.round(height), LEAST_HEIGHT, MOST_HEIGHT) };
}

/** All charts once the one at `index` is put at `to`: it stays there, and what it would cover makes way downwards. */
export function put<Chart extends Place>(charts: readonly Chart[], index: number, to: Place): Chart[] {
  const fixed = clamp(to);
  const settled: Place[] = [fixed];
  const places = charts.map((chart): Place => ({ x: chart.x, y: chart.y, width: chart.width, height: chart.height }));
  const order = charts.map((_, at) => at).filter((at) => at !== index).sort((a, b) => charts[a]!.y - charts[b]!.y || charts[a]!.x - charts[b]!.x);
  for (const at of order) {
    let place = places[at]!;
    for (let over = settled.find((other) => overlap(other, place)); over; over = settled.find((other) => overlap(other, place))) {
      place = { ...place, y: over.y + over.height };
    }
    places[at] = place;
    settled.push(place);
  }
  places[index] = fixed;
  return charts.map((chart, at) => ({ ...chart, ...places[at]! }));
}

/** One step by a key: a cell, or past the chart that lies in the way, which takes the place that becomes free. */
export function step<Chart extends Place>(charts: readonly Chart[], index: number, direction: Direction): Chart[] {
  const own = charts[index];
  if (!own) return [...charts];
  const by = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[direction] as [number, number];
  const wanted = clamp({ ...own, x: own.x + by[0], y: own.y + by[1] });
  const at = charts.findIndex((other, position) => position !== index && overlap(other, wanted));
  const other = charts[at];
  if (!other) return put(charts, index, wanted);
  const swapped = charts.map((chart, position) => {
    if (position !== at) return chart;
    if (direction === "down") return { ...chart, y: own.y };
    if (direction === "right" && own.x + other.width + own.width <= COLUMNS) return { ...chart, x: own.x };
    if (direction === "left" && other.x + own.width + other.width <= COLUMNS) return { ...chart, x: other.x + own.width };
    return chart;
  });
  const past = { up: { y: other.y }, down: { y: own.y + other.height }, left: { x: other.x }, right: { x: Math.min(own.x + other.width, COLUMNS - own.width) } }[direction];
  return put(swapped, index, { ...own, ...past });
}

/** A place of this size that is free: the first from the top left. */
export function freePlace(charts: readonly Place[], width: number, height: number): Place {
  const bottom = Math.max(0, ...charts.map(({ y, height: tall }) => y + tall));
  for (let y = 0; y < bottom; y += 1) {
    for (let x = 0; x + width <= COLUMNS; x += 1) {
      const place = { x, y, width, height };
      if (!charts.some((chart) => overlap(chart, place))) return place;
    }
  }
  return { x: 0, y: bottom, width, height };
}

/** In the order that they are read in: from the top, and then from the left. */
export function inOrder<Chart extends Place>(charts: readonly Chart[]): Chart[] {
  return [...charts].sort((a, b) => a.y - b.y || a.x - b.x);
}

function between(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
