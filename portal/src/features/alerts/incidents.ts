// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";

export type Incident = Schema<"Incident">;
export type IncidentStatus = Schema<"IncidentStatus">;

const INCIDENTS = ["incidents"];
const PAGE = 50;

/** Incidents of rules and of anomalies, newest first, a page at a time. */
export function useIncidents(status: IncidentStatus | null) {
  return useInfiniteQuery({
    queryKey: [...INCIDENTS, "list", status],
    queryFn: ({ signal, pageParam }) =>
      call(client.GET("/api/v1/incidents", { params: { query: { limit: PAGE, ...(status && { status }), ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: 15_000,
  });
}

/** One incident with its series ranked. */
export function useIncident(id: string) {
  return useQuery({
    queryKey: [...INCIDENTS, "one", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/incidents/{id}", { params: { path: { id } }, signal })),
    refetchInterval: 15_000,
  });
}

export function useChangeIncident() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, status }: Pick<Incident, "id" | "status">) => call(client.PATCH("/api/v1/incidents/{id}", { params: { path: { id } }, body: { status } })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: INCIDENTS }), queries.invalidateQueries({ queryKey: ["anomalies"] })]),
  });
}
