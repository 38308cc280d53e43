// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What tabs of one browser say to each other about the one stream that they share.
import type { Labels } from "@/lib/api/types";

export type LiveSeries = { series: string; metric?: string; labels?: Labels; points?: unknown[] };

/** An event of the stream, as the API documents them under `GET /api/v1/live`. */
export type LiveEvent =
  | { name: "ready"; data: { resumed: boolean; truncated: boolean; series: LiveSeries[] } }
  | { name: "samples"; data: { series: LiveSeries[] } }
  | { name: "gap"; data: { from: number; to: number } }
  | { name: "anomalies"; data: { anomalies: { id: string }[] } }
  | { name: "jobs"; data: { jobs: { id: string }[] } };
export const eventNames = ["ready", "samples", "gap", "anomalies", "jobs"] as const;

/** What a stream's last event says. */
export type LiveEnd = { reason: string; detail: string };

/** "off": nobody asks. "reconnecting": asked for, and not there. */
export type LiveState = "off" | "connecting" | "live" | "reconnecting";

export type TabMessage =
  /** A tab that is seen: what it asks for; null for one that asks for nothing any more. */
  | { kind: "want"; tab: string; matches: string[] | null }
  /** Whoever holds the stream asks everyone what they want. */
  | { kind: "ask" }
  | { kind: "state"; state: LiveState }
  | { kind: "event"; event: LiveEvent; id: string };

/** As many matches as one stream takes. */
export const MOST_MATCHES = 10;

/** What one stream has to ask for, in an order that does not depend on who asked first; "" where nobody asks. */
export function addressOf(wants: Iterable<readonly string[]>, lastEventId = ""): string {
  const lists = [...wants];
  if (lists.length === 0) return "";
  const matches = [...new Set(lists.flat())].sort().slice(0, MOST_MATCHES);
  const query = new URLSearchParams(matches.map((match) => ["match", match]));
  if (lastEventId) query.set("last_event_id", lastEventId);
  const text = query.toString();
  return text ? `/api/v1/live?${text}` : "/api/v1/live";
}

/** How long to wait before the `failures`-th attempt after the first, in milliseconds: doubled each time up to 15 s, and a random part of it. */
export function delayOf(failures: number, random: number): number {
  return Math.min(15_000, 1_000 * 2 ** Math.min(failures, 10)) * (0.5 + 0.5 * random);
}

/** Remembers what numbers of series mean, for a stream says it once. */
export class SeriesNames {
  readonly #metrics = new Map<string, string>();

  learn({ data }: { data: { series: LiveSeries[] } }) {
    for (const { series, metric } of data.series) if (metric !== undefined) this.#metrics.set(series, metric);
  }

  /** Whether an event is about a metric; a number that was never introduced here may be. */
  isAbout({ data }: { data: { series: LiveSeries[] } }, metric: string): boolean {
    return data.series.some((each) => (this.#metrics.get(each.series) ?? metric) === metric);
  }
}
