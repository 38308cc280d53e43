// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { ALERT_RULES, useAlertRules } from "@/lib/queries/alert-rules";
import type { NewRule, Rule } from "./rule-draft";

const RULES = ALERT_RULES;
const REPLAYED_MS = 14 * 86_400_000;
/** 672 points in two weeks. */
const STEP = 1_800;
/** As many lines as eyes can tell apart. */
const MOST_SERIES = 12;

/** All rules with their state. Judged each half minute, read more often than that. */
export function useRules() {
  return useAlertRules(10_000);
}

/** One rule, as it was when it was opened: what is being edited does not change under one's hands. */
export function useRule(id: string | null) {
  return useQuery({
    queryKey: [...RULES, id],
    queryFn: ({ signal }) => call(client.GET("/api/v1/alert-rules/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== null,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Adds a rule, or changes the one of this id. */
export function useSaveRule(id: string | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (rule: NewRule) =>
      id === null ? call(client.POST("/api/v1/alert-rules", { body: rule })) : call(client.PATCH("/api/v1/alert-rules/{id}", { params: { path: { id } }, body: rule })),
    onSuccess: () => queries.invalidateQueries({ queryKey: RULES, exact: true }),
  });
}

export function useSwitchRule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: Pick<Rule, "id" | "enabled">) => call(client.PATCH("/api/v1/alert-rules/{id}", { params: { path: { id } }, body: { enabled } })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: RULES, exact: true }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

export function useDeleteRule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/alert-rules/{id}", { params: { path: { id } } })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: RULES, exact: true }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

/** What the rule would have raised in the last two weeks; the answer before stays until the next. null asks for nothing. */
export function useBacktest(rule: NewRule | null) {
  return useQuery({
    queryKey: [...RULES, "backtest", rule],
    queryFn: ({ signal }) => call(client.POST("/api/v1/alert-rules/backtest", { body: rule as NewRule, signal })),
    enabled: rule !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: 1,
  });
}

/** Of each step the sample that is nearest to the condition, so that no peak is lost between two points. */
const AGGREGATES = { above: "max", below: "min", outside_expected: "avg", no_data: "avg", forecast_breach: "avg" } as const;

/** The samples that a rule is about, of the last two weeks. */
export function useReplayed(rule: NewRule | null) {
  const subject = rule && { metric: rule.metric, labels: rule.labels, match: rule.match, aggregate: AGGREGATES[rule.condition] };
  return useQuery({
    queryKey: ["samples", "replayed", subject],
    queryFn: async ({ signal }) => {
      const end = Date.now();
      const body = { ...subject!, start: end - REPLAYED_MS, end, step: STEP, limit: MOST_SERIES, time_format: "unix_ms" as const };
      const { series, truncated } = await call(client.POST("/api/v1/query", { body, signal }));
      return { series: series.filter(({ points }) => points.length > 0), truncated, step: STEP };
    },
    enabled: subject !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: 1,
  });
}
