// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// Questions that more than one feature asks; a feature's own are in its folder.
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import type { Labels } from "@/lib/api/types";

/** What Helios itself writes, such as forecasts, is no metric of the customer's. */
const OWN_PREFIX = "helios:";

/** Names of metrics, in their order; the first thousand. */
export function useMetrics(refetchInterval: number | false = false) {
  return useQuery({
    queryKey: ["metrics"],
    queryFn: async ({ signal }) => {
      const page = await call(client.GET("/api/v1/metrics", { params: { query: { limit: 1000 } }, signal }));
      return page.data.filter((name) => !name.startsWith(OWN_PREFIX));
    },
    refetchInterval,
  });
}

/** Series of one metric, or of all; the first `limit`, and whether there are more. */
export function useSeries(metric?: string, limit = 1000) {
  return useQuery({
    queryKey: ["series", metric ?? null, limit],
    queryFn: async ({ signal }) => {
      const page = await call(client.GET("/api/v1/series", { params: { query: { metric, limit } }, signal }));
      return { series: page.data.filter((each) => !each.metric.startsWith(OWN_PREFIX)), more: page.next_cursor !== null };
    },
  });
}

export type SamplesQuery = {
  metric: string;
  labels: Labels;
  /** How far back from now, in seconds. */
  seconds: number;
  /** Spacing of the points, in seconds. */
  step: number;
};

/** The newest samples of one series, one point a step; asked again each step, or every ten seconds at most. */
export function useSamples({ metric, labels, seconds, step }: SamplesQuery, enabled = true) {
  return useQuery({
    queryKey: ["samples", metric, labels, seconds, step],
    queryFn: async ({ signal }) => {
      const end = Date.now();
      const body = { metric, labels, start: end - seconds * 1000, end, step, time_format: "unix_ms" as const, limit: 1 };
      const result = await call(client.POST("/api/v1/query", { body, signal }));
      return result.series[0]?.points ?? [];
    },
    enabled,
    refetchInterval: Math.max(step, 10) * 1000,
  });
}

/** A forecast of every series that metric and labels mean; `horizons` in minutes. null: not enough history yet. */
export function usePrediction(metric: string, labels: Labels, horizons: number[], enabled = true) {
  return useQuery({
    queryKey: ["prediction", metric, labels, horizons],
    queryFn: async ({ signal }) => {
      try {
        return await call(client.POST("/api/v1/predict", { body: { metric, labels, horizons, level: 0.95, allow_stale: true }, signal }));
      } catch (error) {
        if (error instanceof ApiError && error.code === "inference.not_enough_history") return null;
        throw error;
      }
    },
    enabled,
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
}
