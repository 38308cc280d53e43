// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { stepFor } from "@/lib/chart/span";
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

/** What the intake refused, the newest hundred. */
export function useRejected() {
  return useQuery({
    queryKey: ["rejections", "list"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/ingest/rejections", { signal })),
    refetchInterval: LIVE_MS,
  });
}
