// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";

export type Target = Schema<"ScalingTarget">;
export type TargetSettings = Schema<"NewScalingTarget">;
export type Recommendation = Schema<"Recommended">["recommendations"][number];

const TARGETS = ["scaling-targets"];
/** As many as an organization may have. */
const MOST_TARGETS = 200;
/** How far back a target's load is shown, in seconds, and how far ahead its schedule, in minutes. */
export const SHOWN_SECONDS = 86_400;
const SCHEDULE_MINUTES = 720;
export const STEP_SECONDS = 300;
/** As many series as the load of one target may be the sum of. */
const MOST_SERIES = 100;

export function useTargets() {
  return useQuery({
    queryKey: [...TARGETS, "list"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/scaling-targets", { params: { query: { limit: MOST_TARGETS } }, signal })),
    refetchInterval: 15_000,
  });
}

export function useTarget(id: string) {
  return useQuery({
    queryKey: [...TARGETS, "one", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/scaling-targets/{id}", { params: { path: { id } }, signal })),
    refetchInterval: 15_000,
  });
}

/** Changes of what was advised, newest first; the first 500. */
export function useAdvice(id: string) {
  return useQuery({
    queryKey: [...TARGETS, "advice", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/scaling-targets/{id}/advice", { params: { path: { id }, query: { limit: 500 } }, signal })),
    refetchInterval: 30_000,
  });
}

/** Each series of a target's load over the last day, in means of five minutes. */
export function useTargetLoad({ metric, labels }: Pick<Target, "metric" | "labels">) {
  return useQuery({
    queryKey: ["samples", "load", metric, labels],
    queryFn: async ({ signal }) => {
      const end = Date.now();
      const body = { metric, labels, start: end - SHOWN_SECONDS * 1000, end, step: STEP_SECONDS, time_format: "unix_ms" as const, limit: MOST_SERIES };
      const { series } = await call(client.POST("/api/v1/query", { body, signal }));
      return series.map(({ points }) => points);
    },
    refetchInterval: 60_000,
  });
}

/** The question that a target's settings are, with the replay's course. */
function question(settings: TargetSettings): Schema<"Recommend"> {
  const { metric, labels, per_replica_capacity, min_replicas, max_replicas, startup_seconds, max_violation_ratio, max_short_time_ratio } = settings;
  return { metric, labels, target: { per_replica_capacity, min_replicas, max_replicas, startup_seconds }, max_violation_ratio, max_short_time_ratio, horizon_minutes: SCHEDULE_MINUTES, course: true };
}

const recommend = async (settings: TargetSettings, signal?: AbortSignal): Promise<Recommendation> => {
  const { recommendations } = await call(client.POST("/api/v1/recommend", { body: question(settings), signal }));
  return recommendations[0] as Recommendation; // the contract: at least one
};

/** The schedule ahead and the replay of a target's last fortnight. */
export function useRecommendation(target: Target) {
  return useQuery({
    queryKey: ["recommendation", question(target)],
    queryFn: ({ signal }) => recommend(target, signal),
    staleTime: 240_000,
    refetchInterval: 300_000,
  });
}

/** What a target would be advised, before it is saved. */
export function usePreview() {
  return useMutation({ mutationFn: (settings: TargetSettings) => recommend(settings) });
}

/** Saves a target, or changes the one that is `id`. */
export function useSaveTarget(id?: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TargetSettings) => id === undefined
      ? call(client.POST("/api/v1/scaling-targets", { body }))
      : call(client.PATCH("/api/v1/scaling-targets/{id}", { params: { path: { id } }, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: TARGETS }),
  });
}

export function useDeleteTarget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/scaling-targets/{id}", { params: { path: { id } } })),
    onSuccess: (_, id) => {
      // What is gone is not asked for again while its page is being left.
      queries.removeQueries({ queryKey: [...TARGETS, "one", id] });
      return queries.invalidateQueries({ queryKey: [...TARGETS, "list"] });
    },
  });
}

/** Whom advice can be told to. */
export function useChannels() {
  return useQuery({
    queryKey: ["notification-channels", "choice"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/notification-channels", { params: { query: { limit: 100 } }, signal })),
  });
}
