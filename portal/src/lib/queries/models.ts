// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";

export type Horizon = 15 | 30 | 60;

/** Models of all metrics and versions, newest first; the first thousand, and whether there are more. */
export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: async ({ signal }) => {
      const page = await call(client.GET("/api/v1/models", { params: { query: { limit: 1000 } }, signal }));
      return { models: page.data, more: page.next_cursor !== null };
    },
    refetchInterval: 30_000,
  });
}

/** How the forecasts of an active model did over the last week; `rows` of its series at most, with the sum over all of them. */
export function useModelAccuracy(id: string | undefined, filter: { horizon_minutes?: Horizon; withdrawn?: boolean } = {}, rows = 1) {
  return useQuery({
    queryKey: ["models", "accuracy", id, filter, rows],
    queryFn: ({ signal }) => call(client.GET("/api/v1/models/{id}/accuracy", { params: { path: { id: id ?? "" }, query: { ...filter, limit: rows } }, signal })),
    enabled: id !== undefined,
    refetchInterval: 60_000,
  });
}
