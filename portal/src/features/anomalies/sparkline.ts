// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { JudgedRow } from "./judged-rows";

type Size = { width: number; height: number };

/** Where a moment and a value are drawn. */
type Place = (time: number, value: number) => string;

/**
 * The paths of a small chart: what was measured, the anomaly in it, and the usual range beneath. Gaps end a line. Empty
 * where there is nothing to draw.
 */
export function sparkline(rows: readonly JudgedRow[], domain: [number, number], { width, height }: Size): { value: string; odd: string; range: string } {
  const [first, last] = [rows[0]?.time ?? 0, rows.at(-1)?.time ?? 0];
  const [low, high] = domain;
  const place: Place = (time, value) => {
    const x = last > first ? ((time - first) / (last - first)) * width : width / 2;
    const y = high > low ? height - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * height : height / 2;
    return `${tenths(x)} ${tenths(y)}`;
  };
  return { value: lines(rows, "value", place), odd: lines(rows, "odd", place), range: areas(rows, place) };
}

function lines(rows: readonly JudgedRow[], name: "value" | "odd", place: Place): string {
  let path = "";
  let drawing = false;
  for (const row of rows) {
    const value = row[name];
    if (value !== null) path += `${drawing ? "L" : "M"}${place(row.time, value)}`;
    drawing = value !== null;
  }
  return path;
}

function areas(rows: readonly JudgedRow[], place: Place): string {
  const runs: JudgedRow[][] = [[]];
  for (const row of rows) {
    if (row.range) runs.at(-1)?.push(row);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 1).map((run) => {
    const upper = run.map(({ time, range }) => place(time, range?.[1] ?? 0));
    const lower = run.map(({ time, range }) => place(time, range?.[0] ?? 0)).reverse();
    return `M${[...upper, ...lower].join("L")}Z`;
  }).join("");
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
