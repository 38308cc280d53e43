// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQueries, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import { isUnderWay, type Delivery } from "./delivery-log";

export type Channel = Schema<"NotificationChannel">;

const CHANNELS = ["notification-channels"];
const DELIVERIES = ["notification-deliveries"];

/** All channels; a plan has few. */
export function useChannels() {
  return useQuery({
    queryKey: CHANNELS,
    queryFn: ({ signal }) => call(client.GET("/api/v1/notification-channels", { params: { query: { limit: 1000 } }, signal })),
    refetchInterval: 30_000,
  });
}

function log(id: string, limit: number) {
  return {
    queryKey: [...DELIVERIES, id, limit],
    queryFn: ({ signal }: { signal: AbortSignal }) => call(client.GET("/api/v1/notification-channels/{id}/deliveries", { params: { path: { id }, query: { limit } }, signal })),
    refetchInterval: ({ state }: { state: { data?: { data: Delivery[] } } }) => (state.data?.data.some((each) => isUnderWay(each, Date.now())) ? 1_000 : 15_000),
  };
}

/** The newest `limit` deliveries of a channel; asked again each second while one is under way. */
export function useDeliveries(id: string, limit: number) {
  return useQuery(log(id, limit));
}

/** The same of several channels. */
export function useLogs(ids: string[], limit: number) {
  return useQueries({ queries: ids.map((id) => log(id, limit)) });
}

function invalidate(queries: QueryClient) {
  return Promise.all([queries.invalidateQueries({ queryKey: CHANNELS }), queries.invalidateQueries({ queryKey: DELIVERIES })]);
}

/** Adds a channel; the answer holds its secret, this once. */
export function useCreateChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; url: string }) => call(client.POST("/api/v1/notification-channels", { body: { ...body, type: "webhook" } })),
    onSuccess: () => invalidate(queries),
  });
}

export function useChangeChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; name?: string; url?: string; enabled?: boolean }) => call(client.PATCH("/api/v1/notification-channels/{id}", { params: { path: { id } }, body })),
    onSuccess: () => invalidate(queries),
  });
}

export function useDeleteChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/notification-channels/{id}", { params: { path: { id } } })),
    onSuccess: () => Promise.all([invalidate(queries), queries.invalidateQueries({ queryKey: ["alert-rules"], exact: true })]),
  });
}

/** A new secret, which the answer holds this once. */
export function useRotateSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.POST("/api/v1/notification-channels/{id}/rotate-secret", { params: { path: { id } } })),
    onSuccess: () => invalidate(queries),
  });
}

/** Puts a test message on its way; how it went stands in the log. */
export function useTestChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.POST("/api/v1/notification-channels/{id}/test", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: DELIVERIES }),
  });
}

/** Sends a message again. */
export function useReplay() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.POST("/api/v1/notification-deliveries/{id}/replay", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: DELIVERIES }),
  });
}
