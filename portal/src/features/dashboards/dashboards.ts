// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import { stepFor } from "@/lib/chart/span";

export type Dashboard = Schema<"Dashboard">;
export type Chart = Schema<"Chart">;

const DASHBOARDS = ["dashboards"];
/** As many as an organization may have. */
const MOST_DASHBOARDS = 200;
/** As many lines as eyes can tell apart in a small chart. */
export const MOST_SERIES = 12;

export function useDashboards() {
  return useQuery({
    queryKey: [...DASHBOARDS, "list"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/dashboards", { params: { query: { limit: MOST_DASHBOARDS } }, signal })),
  });
}

export function useDashboard(id: string) {
  return useQuery({
    queryKey: [...DASHBOARDS, "one", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/dashboards/{id}", { params: { path: { id } }, signal })),
  });
}

export function useCreateDashboard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"NewDashboard">) => call(client.POST("/api/v1/dashboards", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...DASHBOARDS, "list"] }),
  });
}

/** A change that was made from `version`; refused where somebody changed the dashboard since. */
export function useSaveDashboard(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"DashboardChange">) => call(client.PATCH("/api/v1/dashboards/{id}", { params: { path: { id } }, body })),
    onSuccess: (saved) => {
      queries.setQueryData([...DASHBOARDS, "one", id], saved);
      return queries.invalidateQueries({ queryKey: [...DASHBOARDS, "list"] });
    },
  });
}

export function useDeleteDashboard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/dashboards/{id}", { params: { path: { id } } })),
    onSuccess: (_, id) => {
      queries.removeQueries({ queryKey: [...DASHBOARDS, "one", id] });
      return queries.invalidateQueries({ queryKey: [...DASHBOARDS, "list"] });
    },
  });
}

/** What a chart shows of the last `seconds`; the last answer stays until the next. */
export function useChartSamples({ metric, match, aggregate }: Pick<Chart, "metric" | "match" | "aggregate">, seconds: number) {
  return useQuery({
    queryKey: ["samples", "chart", metric, match, aggregate, seconds],
    queryFn: async ({ signal }) => {
      const to = Date.now();
      const span = { from: to - seconds * 1000, to };
      const step = stepFor(span);
      const body = { metric, ...(match && { match }), start: span.from, end: to, step, aggregate, max_points: 1_000, limit: MOST_SERIES, time_format: "unix_ms" as const };
      const { series, truncated } = await call(client.POST("/api/v1/query", { body, signal }));
      return { series: series.filter(({ points }) => points.length > 0), truncated, span, step };
    },
    placeholderData: keepPreviousData,
    refetchInterval: Math.max(15_000, stepFor({ from: 0, to: seconds * 1000 }) * 1000),
  });
}
