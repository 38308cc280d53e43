// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { stepFor, type Span } from "@/lib/chart/span";
import type { Labels } from "@/lib/api/types";
import { toSelector } from "@/lib/label-filters";
import type { ExplorerState } from "./explorer-state";
import { spanOf } from "./time-range";

/** How often a range that ends now is read anew while the page is seen. */
export const LIVE_MS = 15_000;
/** As many lines as eyes can tell apart. */
export const MOST_SERIES = 12;

/** The series that the state means, and the span and step they were read at; the last answer stays until the next. */
export function useExplored({ metric, filters, range, aggregate, step }: ExplorerState) {
  return useQuery({
    queryKey: ["samples", "explored", metric, filters, range, aggregate, step],
    queryFn: async ({ signal }) => {
      const span = spanOf(range, Date.now());
      const used = step ?? stepFor(span);
      const body = { metric, ...toSelector(filters), start: span.from, end: span.to, step: used, aggregate, max_points: 2_000, limit: MOST_SERIES, time_format: "unix_ms" as const };
      const { series, truncated } = await call(client.POST("/api/v1/query", { body, signal }));
      return { series: series.filter(({ points }) => points.length > 0), truncated, span, step: used };
    },
    enabled: metric !== "",
    placeholderData: keepPreviousData,
    refetchInterval: "seconds" in range ? LIVE_MS : false,
  });
}

/** What was forecast an hour ahead for the moments of a span, of one series, as the platform keeps it. */
export function useForeseen(metric: string, labels: Labels, { from, to }: Span, step: number, enabled: boolean) {
  return useQuery({
    queryKey: ["samples", "foreseen", metric, labels, from, to, step],
    queryFn: async ({ signal }) => {
      const body = {
        metric: "helios:forecast", labels: { ...labels, metric, horizon: "60m" }, start: from, end: to,
        step: Math.max(step, 300), aggregate: "last" as const, limit: 12, time_format: "unix_ms" as const,
      };
      const { series } = await call(client.POST("/api/v1/query", { body, signal }));
      const count = Object.keys(labels).length + 3;
      const of = (bound: string) => series.find((each) => each.labels.bound === bound && Object.keys(each.labels).length === count)?.points ?? [];
      return { value: of("value"), lower: of("lower"), upper: of("upper") };
    },
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** What the intake refused, the newest hundred. */
export function useRejected() {
  return useQuery({
    queryKey: ["rejections", "list"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/ingest/rejections", { signal })),
    refetchInterval: LIVE_MS,
  });
}
