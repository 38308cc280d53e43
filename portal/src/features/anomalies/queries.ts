// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import type { Labels, Schema } from "@/lib/api/types";
import { seriesName } from "@/lib/series";
import { toMs } from "@/lib/time";
import type { Severity, Span, Status } from "./address";
import { toColumns, type Grid } from "./timeline";

const PAGE = 50;
const LIVE_MS = 15_000;
/** Beyond so many pages a list stands still: reading them all anew would cost more than it tells. */
const MOST_LIVE_PAGES = 3;

export type Filter = { status: Status | null; severity: Severity | null; metric: string };

const given = ({ status, severity, metric }: Filter) => ({ ...(status && { status }), ...(severity && { severity }), ...(metric && { metric }) });
/** Both ends of a span belong to what the API lists, the last moment of ours does not. */
const within = ({ from, to }: { from: number; to: number | null }) => ({ start: new Date(from).toISOString(), ...(to !== null && { end: new Date(to - 1).toISOString() }) });
const nextCursor = ({ next_cursor }: { next_cursor: string | null }) => next_cursor;

/** A new one moves what came before it to the next page, where it would show twice. */
function once<Row extends { id: string }>(pages: { data: Row[] }[]): Row[] {
  return [...new Map(pages.flatMap(({ data }) => data).map((row) => [row.id, row])).values()];
}

/** Anomalies that began within a span (`to` null: until now), newest first, page by page. */
export function useAnomalyList(filter: Filter, span: { from: number; to: number | null }) {
  const found = useInfiniteQuery({
    queryKey: ["anomalies", "list", filter, span],
    queryFn: ({ signal, pageParam }) =>
      call(client.GET("/api/v1/anomalies", { params: { query: { ...given(filter), ...within(span), limit: PAGE, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > MOST_LIVE_PAGES ? false : LIVE_MS),
  });
  return { found, rows: once(found.data?.pages ?? []) };
}

/** Incidents, of anomalies and of alert rules, likewise. */
export function useIncidentList(filter: { status: Schema<"IncidentStatus"> | null; severity: Severity | null }, from: number) {
  const found = useInfiniteQuery({
    queryKey: ["incidents", "list", filter, from],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...(filter.status && { status: filter.status }), ...(filter.severity && { severity: filter.severity }), ...within({ from, to: null }), limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return call(client.GET("/api/v1/incidents", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > MOST_LIVE_PAGES ? false : LIVE_MS),
  });
  return { found, rows: once(found.data?.pages ?? []) };
}

/** How many anomalies began in each column of a timeline. */
export function useTimeline(filter: Filter, grid: Grid) {
  return useQuery({
    queryKey: ["anomalies", "counts", filter, grid],
    queryFn: async ({ signal }) => {
      const query = { ...given(filter), start: new Date(grid.first).toISOString(), step: grid.width / 1000 };
      const { data } = await call(client.GET("/api/v1/anomalies/counts", { params: { query }, signal }));
      return toColumns(data.map(({ start, ...counts }) => ({ time: toMs(start), counts })), grid);
    },
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
}

/** One anomaly; what a list already knows of it is shown at once. */
export function useAnomaly(id: string) {
  const queries = useQueryClient();
  return useQuery<Schema<"Anomaly">>({
    queryKey: ["anomalies", "one", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/anomalies/{id}", { params: { path: { id } }, signal })),
    placeholderData: () => queries.getQueriesData<{ pages: { data: Schema<"Anomaly">[] }[] }>({ queryKey: ["anomalies", "list"] })
      .flatMap(([, list]) => list?.pages.flatMap(({ data }) => data) ?? []).find((anomaly) => anomaly.id === id),
    refetchInterval: LIVE_MS,
  });
}

export function useIncident(id: string) {
  return useQuery({
    queryKey: ["incidents", "one", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/incidents/{id}", { params: { path: { id } }, signal })),
    refetchInterval: LIVE_MS,
  });
}

/** [time, value, expected, lower, upper] of a moment. */
export type Judged = readonly [string, number, number, number, number];

/**
 * A series as detection sees it, `points` moments at most; null where it has no samples any more. It is judged anew, from
 * the two weeks before.
 */
export function useJudged(metric: string, labels: Labels, { from, to }: Span, points: number) {
  return useQuery({
    queryKey: ["samples", "judged", metric, labels, from, to, points],
    queryFn: async ({ signal }) => {
      try {
        const { series } = await call(client.POST("/api/v1/detect", { body: { metric, labels, start: from, end: to, judged_points: points }, signal }));
        const name = seriesName("", labels);
        return (series.find((each) => seriesName("", each.labels) === name)?.judged ?? []) as unknown as Judged[];
      } catch (error) {
        if (error instanceof ApiError && error.code === "detection.no_such_series") return null;
        throw error;
      }
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
