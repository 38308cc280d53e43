// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Which metrics and series a person asks about first, as far as names tell.
import type { Labels } from "./api/types";

/** Hardly ever change: sizes, counts of parts, facts, and what only ticks. */
const DULL = /(^|_)(count|cores|total_bytes|bytes_total|limit|capacity|info|uptime|uptime_seconds|boot_time|boot_time_seconds|up|version|size|size_bytes)$/;
const LIVELY = [/cpu/, /mem(ory)?$|mem(ory)?.*(used|usage|active|percent|ratio)/, /mem(ory)?/, /(^|_)load/, /request|latency|duration/];
/** Of a processor's time: what works comes before what waits. */
const MODES = ["user", "total", "system"];

/** In the order in which a person would want to see one; alike ones stay in their order. */
export function byInterest<Each extends { metric: string; labels: Labels }>(series: Each[]): Each[] {
  return series.map((each) => ({ each, rank: rankOf(each) })).sort((a, b) => a.rank - b.rank).map(({ each }) => each);
}

function rankOf({ metric, labels }: { metric: string; labels: Labels }): number {
  const name = metric.toLowerCase();
  if (DULL.test(name)) return LIVELY.length + 1;
  const kind = LIVELY.findIndex((pattern) => pattern.test(name));
  if (kind < 0) return LIVELY.length;
  const mode = labels.mode === undefined ? 0 : MODES.indexOf(labels.mode);
  return kind + (mode < 0 ? 0.9 : mode / 10);
}
