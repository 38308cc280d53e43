// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { call, client } from "@/lib/api/client";
import { stepFor, type Span } from "@/lib/chart/span";
import { toSelector } from "@/lib/label-filters";
import { SeriesNames, type LiveState } from "@/lib/live/messages";
import { useLive } from "@/lib/live/use-live";
import type { ExplorerState } from "./explorer-state";
import { liveMatch, mergeTail, tailStart, type Explored } from "./live-tail";
import { spanOf } from "./time-range";

/** How often a range that ends now is read anew while the page is seen and no events come. */
export const LIVE_MS = 15_000;
/** The same while they come: for samples that came late, of which no event tells. */
const WHOLE_MS = 60_000;
/** At most this often the newest steps are read. */
const TAIL_MS = 1_000;
/** As many lines as eyes can tell apart. */
export const MOST_SERIES = 12;

/** The series that the state means, and the span and step they were read at; the last answer stays until the next. */
export function useExplored(state: ExplorerState, live: LiveState) {
  const { metric, range, step } = state;
  return useQuery({
    queryKey: keyOf(state),
    queryFn: ({ signal }) => {
      const span = spanOf(range, Date.now());
      return readSpan(state, span, step ?? stepFor(span), signal);
    },
    enabled: metric !== "",
    placeholderData: keepPreviousData,
    refetchInterval: "seconds" in range ? (live === "live" ? WHOLE_MS : LIVE_MS) : false,
  });
}

/** Keeps what useExplored() shows of a range that ends now up to date by the stream's events. */
export function useLiveSamples(state: ExplorerState): LiveState {
  const queries = useQueryClient();
  const names = useRef(new SeriesNames());
  const reading = useRef(false);
  const again = useRef(false);
  const key = keyOf(state);
  const readTail = async () => {
    again.current = reading.current;
    if (reading.current) return;
    reading.current = true;
    try {
      const shown = queries.getQueryData<Explored>(key);
      if (shown) {
        const tail = await readSpan(state, { from: tailStart(shown), to: Date.now() }, shown.step);
        queries.setQueryData<Explored>(key, (now) => now && mergeTail(now, tail, MOST_SERIES));
      }
    } catch {
      // The next event or the next whole read does it.
    }
    setTimeout(() => {
      reading.current = false;
      if (again.current) void readTail();
    }, TAIL_MS);
  };
  return useLive("seconds" in state.range && state.metric !== "" ? [liveMatch(state)] : null, (event) => {
    if (event.name === "ready" || event.name === "samples") names.current.learn(event);
    if (event.name === "ready" || event.name === "gap") void queries.invalidateQueries({ queryKey: key });
    if (event.name === "samples" && names.current.isAbout(event, state.metric)) void readTail();
  });
}

function keyOf({ metric, filters, range, aggregate, step }: ExplorerState) {
  return ["samples", "explored", metric, filters, range, aggregate, step];
}

async function readSpan({ metric, filters, aggregate }: ExplorerState, span: Span, step: number, signal?: AbortSignal): Promise<Explored> {
  const body = { metric, ...toSelector(filters), start: span.from, end: span.to, step, aggregate, max_points: 2_000, limit: MOST_SERIES, time_format: "unix_ms" as const };
  const { series, truncated } = await call(client.POST("/api/v1/query", { body, signal }));
  return { series: series.filter(({ points }) => points.length > 0), truncated, span, step };
}

/** What the intake refused, the newest hundred. */
export function useRejected() {
  return useQuery({
    queryKey: ["rejections", "list"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/ingest/rejections", { signal })),
    refetchInterval: LIVE_MS,
  });
}
