// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a rule would have done, as a chart and a sentence need it.
import type { Schema } from "@/lib/api/types";
import { formatCount, formatDuration } from "@/lib/format";
import { toMs } from "@/lib/time";

type Backtest = Schema<"AlertBacktest">;
export type Span = { from: number; to: number };

/** When incidents lasted, within the replay, oldest first. Milliseconds. */
export function spansOf({ from, to, incidents }: Pick<Backtest, "from" | "to" | "incidents">): Span[] {
  return incidents.map(({ started_at, resolved_at }) => ({ from: Math.max(toMs(started_at), toMs(from)), to: Math.max(toMs(started_at), Math.min(toMs(resolved_at ?? to), toMs(to))) }));
}

/** The same as marks on a chart: none thinner than an eye sees, and those that would touch as one. `most` fit side by side. */
export function marksOf(spans: Span[], whole: Span, most = 180): Span[] {
  const least = (whole.to - whole.from) / most;
  const marks: Span[] = [];
  for (const span of spans) {
    const from = Math.min(span.from, whole.to - least); // what began just now has its width before it
    const wide = { from, to: Math.max(span.to, from + least) };
    const before = marks.at(-1);
    if (before && wide.from <= before.to) before.to = Math.max(before.to, wide.to);
    else marks.push({ ...wide });
  }
  return marks;
}

/** "Would have fired 3 times, 42 minutes in all". Where there were more incidents than are told, the time is at least that. */
export function summaryOf(backtest: Pick<Backtest, "from" | "to" | "incident_count" | "incidents">): string {
  const { incident_count: count, incidents } = backtest;
  if (count === 0) return "Would not have fired";
  const seconds = spansOf(backtest).reduce((sum, { from, to }) => sum + (to - from) / 1000, 0);
  const times = count === 1 ? "once" : `${formatCount(count)} times`;
  return `Would have fired ${times}, ${incidents.length < count ? "over " : ""}${lengthText(seconds)} in all`;
}

/** Minutes up to two hours, then hours and days: nobody adds up seconds of two weeks. */
function lengthText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return "under a minute";
  return minutes < 120 ? `${minutes} minute${minutes === 1 ? "" : "s"}` : formatDuration(minutes * 60);
}
