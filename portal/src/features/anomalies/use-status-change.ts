// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import type { Status } from "./address";
import { withIncidentStatus, withStatus } from "./with-status";

const CHANGED = [["anomalies"], ["incidents"]];
const KEY = ["anomalies", "change"];

export type AnomalyChange = { id: string; name: string; before: Status; status: Status };
export type IncidentChange = { id: string; status: Schema<"IncidentStatus"> };

/** Acknowledges, resolves, marks or reopens an anomaly: shown at once, and taken back where the server refuses. */
export function useChangeAnomaly() {
  const { show, settle } = useShown();
  return useMutation({
    mutationKey: KEY,
    mutationFn: ({ id, status }: AnomalyChange) => call(client.PATCH("/api/v1/anomalies/{id}", { params: { path: { id } }, body: { status } })),
    onMutate: ({ id, status }) => show((answer) => withStatus(answer, id, status)),
    onError: (_, { id, before }) => show((answer) => withStatus(answer, id, before)),
    onSettled: settle,
  });
}

/** Acknowledges, resolves or reopens an incident, likewise. */
export function useChangeIncident() {
  const { show, settle, queries } = useShown();
  return useMutation({
    mutationKey: KEY,
    mutationFn: ({ id, status }: IncidentChange) => call(client.PATCH("/api/v1/incidents/{id}", { params: { path: { id } }, body: { status } })),
    onMutate: async ({ id, status }) => {
      const before = CHANGED.flatMap((queryKey) => queries.getQueriesData({ queryKey }));
      await show((answer) => withIncidentStatus(answer, id, status));
      return before;
    },
    onError: (_, __, before) => before?.forEach(([key, answer]) => queries.setQueryData(key, answer)),
    onSettled: settle,
  });
}

function useShown() {
  const queries = useQueryClient();
  return {
    queries,
    /** Changes what is known. An answer that is on its way would be older than that. */
    show: async (change: (answer: unknown) => unknown) => {
      await Promise.all(CHANGED.map((queryKey) => queries.cancelQueries({ queryKey })));
      for (const queryKey of CHANGED) queries.setQueriesData({ queryKey }, change);
    },
    /** Asks anew, once the last of several changes is settled. */
    settle: async () => {
      if (queries.isMutating({ mutationKey: KEY }) > 1) return;
      await Promise.all(CHANGED.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  };
}
