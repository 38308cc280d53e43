// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What is shown, moved on by what came since: only the newest steps are read again.
import { seriesName } from "@/lib/series";
import type { Labels } from "@/lib/api/types";
import { toMs } from "@/lib/time";
import type { Span } from "@/lib/chart/span";
import { toSelector } from "@/lib/label-filters";
import type { ExplorerState } from "./explorer-state";

export type Explored = {
  series: { metric: string; labels: Labels; points: (readonly unknown[])[] }[];
  truncated: boolean;
  span: Span;
  /** Seconds. */
  step: number;
};

/** Where the newest steps begin that may still change: one step before the one that the last read ended in, in milliseconds. */
export function tailStart({ span, step }: Explored): number {
  const ms = step * 1000;
  return (Math.floor(span.to / ms) - 1) * ms;
}

/** `shown` until `tail` begins, then `tail`; a span of the same length that ends when `tail` does; `most` series. */
export function mergeTail(shown: Explored, tail: Explored, most: number): Explored {
  const span = { from: tail.span.to - (shown.span.to - shown.span.from), to: tail.span.to };
  const nameOf = ({ metric, labels }: { metric: string; labels: Labels }) => seriesName(metric, labels);
  const newer = new Map(tail.series.map((each) => [nameOf(each), each]));
  const within = (points: Explored["series"][number]["points"], from: number, to: number) =>
    points.filter(([time]) => { const at = toMs(time as string | number); return at >= from && at < to; });
  const series = shown.series.map((each) => {
    const more = newer.get(nameOf(each));
    newer.delete(nameOf(each));
    return { ...each, points: [...within(each.points, span.from - shown.step * 1000, tail.span.from), ...(more?.points ?? [])] };
  });
  const all = [...series.filter(({ points }) => points.length > 0), ...newer.values()];
  return { series: all.slice(0, most), truncated: shown.truncated || tail.truncated || all.length > most, span, step: shown.step };
}

/** What the stream is asked for. A condition that a matcher cannot hold is left out: more comes then than is shown. */
export function liveMatch({ metric, filters }: Pick<ExplorerState, "metric" | "filters">): string {
  const { labels, match } = toSelector(filters);
  const quote = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
  const equal = Object.entries(labels).filter(([label]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(label));
  const conditions = [`__name__=${quote(metric)}`, ...equal.map(([label, value]) => `${label}=${quote(value)}`)];
  if (match) conditions.push(match.slice(1, -1));
  return `{${conditions.join(",")}}`;
}
