// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import { numberOf } from "@/lib/chart/points";
import { byInterest } from "@/lib/interest";
import { choose } from "./choose-series";

const LOOK_MS = 2_000;
/** How many series are looked at by name, and of how many of those the samples. */
const NAMED = 200;
const COMPARED = 8;
const RECENT_MS = 600_000;
const OWN_PREFIX = "helios:";

/**
 * The series to show a new customer, looked for every two seconds until one moves; from then on it stays the same.
 * null while there is none.
 */
export function useFirstSeries() {
  const found = useQuery({
    queryKey: ["onboarding", "first-series"],
    queryFn: async ({ signal }) => {
      const { data } = await call(client.GET("/api/v1/series", { params: { query: { limit: NAMED } }, signal }));
      const best = byInterest(data.filter(({ metric }) => !metric.startsWith(OWN_PREFIX))).slice(0, COMPARED);
      const candidates = await Promise.all(best.map(async (series) => ({ series, values: await newest(series, signal) })));
      return choose(candidates, Date.now());
    },
    refetchInterval: ({ state }) => (state.data?.settled ? false : LOOK_MS),
    staleTime: ({ state }) => (state.data?.settled ? Infinity : 0),
  });
  return found.data ?? null;
}

async function newest({ metric, labels }: Schema<"Series">, signal: AbortSignal): Promise<number[]> {
  const end = Date.now();
  const body = { metric, labels, start: end - RECENT_MS, end, max_points: 100, time_format: "unix_ms" as const, limit: COMPARED };
  const { series } = await call(client.POST("/api/v1/query", { body, signal }));
  const own = series.find((each) => Object.keys(each.labels).length === Object.keys(labels).length);
  return (own?.points ?? []).map(([, value]) => numberOf(value)).filter((value) => value !== null);
}
