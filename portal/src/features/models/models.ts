// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import { useLive } from "@/lib/live/use-live";
import { isPending, merge } from "./training-jobs";

const JOBS = ["jobs", "training"];
const KINDS = ["training.train_metric", "training.nightly"];
const SHOWN = 50;

/** Trainings, newest first; read when the stream tells of one, and without it each two seconds while one waits or runs. */
export function useTrainingJobs() {
  const queries = useQueryClient();
  const live = useLive([], ({ name }) => {
    if (name === "jobs" || name === "ready" || name === "gap") void queries.invalidateQueries({ queryKey: JOBS });
  });
  return useQuery({
    queryKey: JOBS,
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(KINDS.map((kind) => call(client.GET("/api/v1/jobs", { params: { query: { kind, limit: SHOWN } }, signal }))));
      return merge(lists.map(({ data }) => data), SHOWN);
    },
    refetchInterval: ({ state }) => (live !== "live" && state.data?.some(isPending) ? 2_000 : 15_000),
  });
}

/** Trains one metric now, or all of them. */
export function useTrain() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (metric: string | null) => call(client.POST("/api/v1/models/train", { body: metric === null ? {} : { metric } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: JOBS }),
  });
}

/** From now on this version serves. */
export function useActivate() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.POST("/api/v1/models/{id}/activate", { params: { path: { id } } })),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ["models"] }), queries.invalidateQueries({ queryKey: ["prediction"] })]),
  });
}

/** Cancels a training that waits or runs, or queues one again that did not succeed. */
export function useChangeJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (job: Schema<"Job">) => {
      const params = { path: { id: job.id } };
      return isPending(job) ? call(client.POST("/api/v1/jobs/{id}/cancel", { params })) : call(client.POST("/api/v1/jobs/{id}/requeue", { params }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: JOBS }),
  });
}
