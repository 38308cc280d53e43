// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMe } from "@/features/session/session";
import { call, client } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import { withBudget, type Budget } from "./budget";

const BACKTEST_DAYS = 14;

/** The organization with its settings. */
export function useOrganization() {
  const id = useMe().data?.organization.id;
  return useQuery({
    queryKey: ["organization", id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/organizations/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== undefined,
  });
}

/** Saves a budget into the settings as they are by then. */
export function useSaveBudget(id: string) {
  const queries = useQueryClient();
  const params = { path: { id } };
  return useMutation({
    mutationFn: async (budget: Budget) => {
      const { settings } = await call(client.GET("/api/v1/organizations/{id}", { params }));
      return call(client.PATCH("/api/v1/organizations/{id}", { params, body: { settings: withBudget(settings, budget) } }));
    },
    onSuccess: (organization) => queries.setQueryData(["organization", id], organization),
  });
}

/** What the last two weeks would have brought; null where no sample is stored. The server takes up to 5 s. */
export function useBacktest({ sensitivity, perWeek }: Budget) {
  return useQuery({
    queryKey: ["backtest", "anomalies", sensitivity, perWeek],
    queryFn: async ({ signal }) => {
      try {
        return await call(client.POST("/api/v1/detect/backtest", { body: { days: BACKTEST_DAYS, sensitivity, ...(perWeek !== null && { budget_per_week: perWeek }) }, signal }));
      } catch (error) {
        if (error instanceof ApiError && error.code === "detection.no_such_series") return null;
        throw error;
      }
    },
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
}
