// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import type { Labels, Schema } from "@/lib/api/types";
import { useAlertRules } from "@/lib/queries/alert-rules";
import { toMs } from "@/lib/time";
import { askOf, breachOf, rulesAhead, soonest, type Breach } from "./breaches";

const RULES_MS = 30_000;
const AHEAD_MS = 60_000;
/** POST /predict answers for as many. */
const MOST_SERIES = 100;
/** What was silent for longer is not forecast. */
const ACTIVE_MS = 3_600_000;

/** What is forecast to cross a threshold of an alert rule, soonest first; of rules about too many series nothing is said. */
export function useBreaches() {
  const rules = useAlertRules(RULES_MS);
  const ahead = rulesAhead(rules.data?.data ?? []);
  const found = useQuery({
    queryKey: ["prediction", "breaches", ahead.map(({ id, updated_at }) => [id, updated_at])],
    queryFn: async ({ signal }) => soonest((await Promise.all(ahead.map((rule) => breachesOf(rule, signal)))).flat()),
    enabled: rules.data !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: AHEAD_MS,
  });
  return { data: found.data, error: rules.error ?? found.error, refetch: () => void (rules.isError ? rules.refetch() : found.refetch()) };
}

async function breachesOf(rule: Schema<"AlertRule">, signal: AbortSignal): Promise<Breach[]> {
  const { metric, labels, match } = rule;
  const query = { metric, limit: MOST_SERIES + 1, ...(match && { match }) };
  const { data } = await call(client.GET("/api/v1/series", { params: { query }, signal }));
  const meant = data.filter((each) => Object.entries(labels).every(([name, value]) => each.labels[name] === value) && Date.now() - toMs(each.last_seen) < ACTIVE_MS);
  if (meant.length === 0 || data.length > MOST_SERIES) return [];
  const only = meant.length === 1 && meant[0] ? meant[0].labels : labels;
  const predictions = await forecast({ metric, labels: only, ...askOf(rule) }, signal);
  const names = new Set(meant.map((each) => nameOf(each.labels)));
  return predictions.filter((each) => names.has(nameOf(each.labels))).flatMap((each) => breachOf(rule, each) ?? []);
}

/** None where there is not history enough, or where more series are meant than are forecast at once. */
async function forecast(body: { metric: string; labels: Labels; horizons: number[]; level: number }, signal: AbortSignal) {
  try {
    return (await call(client.POST("/api/v1/predict", { body, signal }))).predictions;
  } catch (error) {
    if (error instanceof ApiError && error.code.startsWith("inference.")) return [];
    throw error;
  }
}

function nameOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}
