// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";

export type AuditFilter = { kind: Schema<"AuditKind"> | ""; action: string; actor: string; days: number };

const PAGE = 50;
const DAY_MS = 86_400_000;

/**
 * Pages of the log, newest first. The first page settles where the log ends, so that the others stay what they are while
 * it grows.
 */
export function useAuditLog({ kind, action, actor, days }: AuditFilter, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["audit-log", kind, action, actor, days],
    queryFn: async ({ signal, pageParam }) => {
      const to = pageParam?.to ?? new Date().toISOString();
      const from = new Date(Date.parse(to) - days * DAY_MS).toISOString();
      const query = { limit: PAGE, to, from, ...(kind && { kind }), ...(action && { action }), ...(actor && { actor }), ...(pageParam && { cursor: pageParam.cursor }) };
      const page = await call(client.GET("/api/v1/audit-logs", { params: { query }, signal }));
      return { ...page, to };
    },
    initialPageParam: null as { to: string; cursor: string } | null,
    getNextPageParam: ({ next_cursor, to }) => (next_cursor ? { cursor: next_cursor, to } : undefined),
    enabled,
  });
}
