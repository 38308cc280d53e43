// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Labels } from "@/lib/api/types";

/**
 * What was forecast an hour ahead for the moments of a span, of one series, as the platform keeps it.
 * `from` and `to` in milliseconds: what they are is part of what is asked, so that they must not change at every moment.
 */
export function useForeseen(metric: string, labels: Labels, { from, to }: { from: number; to: number }, step: number, enabled: boolean) {
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
