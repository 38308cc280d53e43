// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";

/** How forecasts an hour ahead did over the last week; a shorter horizon where none has met its value; null for none. */
export function useAccuracy() {
  return useQuery({
    queryKey: ["accuracy"],
    queryFn: async ({ signal }) => {
      const { horizons } = await call(client.GET("/api/v1/accuracy", { signal }));
      const met = horizons.filter(({ forecasts_met }) => forecasts_met > 0);
      return met.sort((a, b) => b.horizon_minutes - a.horizon_minutes)[0] ?? null;
    },
    refetchInterval: 60_000,
  });
}

/** How many samples the intake refused since the server started, and what to do about the most frequent reason. */
export function useRejections() {
  return useQuery({
    queryKey: ["rejections", "totals"],
    queryFn: async ({ signal }) => {
      const { totals } = await call(client.GET("/api/v1/ingest/rejections", { signal }));
      const most = [...totals].sort((a, b) => b.count - a.count)[0];
      return { total: totals.reduce((sum, { count }) => sum + count, 0), fix: most?.fix };
    },
    refetchInterval: 30_000,
  });
}
