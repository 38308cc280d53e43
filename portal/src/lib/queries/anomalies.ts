// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import { useLive } from "@/lib/live/use-live";

/** Anomalies that began since `start` (RFC 3339, or absent for any time), newest first; the first 500. */
export function useAnomalies(filter: { status?: Schema<"AnomalyStatus">; start?: string }) {
  return useQuery({
    queryKey: ["anomalies", filter],
    queryFn: ({ signal }) => call(client.GET("/api/v1/anomalies", { params: { query: { ...filter, limit: 500 } }, signal })),
    refetchInterval: 15_000,
  });
}

export function useOpenIncidents() {
  return useQuery({
    queryKey: ["incidents", "open"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/incidents", { params: { query: { status: "open", limit: 20 } }, signal })),
    refetchInterval: 15_000,
  });
}

/** Reads anomalies and incidents anew when the stream tells of one that is new or changed. */
export function useLiveAnomalies() {
  const queries = useQueryClient();
  useLive([], ({ name }) => {
    if (name !== "anomalies" && name !== "gap") return;
    void queries.invalidateQueries({ queryKey: ["anomalies"] });
    void queries.invalidateQueries({ queryKey: ["incidents"] });
  });
}
