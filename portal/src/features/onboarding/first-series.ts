// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";

const LOOK_MS = 2_000;

/** The organization's first series, looked for every two seconds until there is one; null while there is none. */
export function useFirstSeries() {
  return useQuery({
    queryKey: ["onboarding", "first-series"],
    queryFn: async ({ signal }) => (await call(client.GET("/api/v1/series", { params: { query: { limit: 1 } }, signal }))).data[0] ?? null,
    refetchInterval: ({ state }) => (state.data ? false : LOOK_MS),
  });
}
