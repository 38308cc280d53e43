// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { TimeSeriesChart } from "@/components/chart/time-series-chart";
import { ErrorPanel } from "@/components/states";
import { call, client } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import type { Schema } from "@/lib/api/types";
import { toChartPoints } from "@/lib/chart/points";
import { unitOf } from "@/lib/format";
import { useSamples } from "@/lib/queries/metrics";
import { seriesName } from "@/lib/series";

const LOOK_MS = 3_000;
const HORIZONS = [1, 2, 3, 5, 10, 15];

type FirstForecastStepProps = { series: Schema<"Series">; ready: boolean; onForecast: () => void };

/** Asks for a forecast once the samples should suffice for one (`ready`), until there is one, and draws it. */
export function FirstForecastStep({ series: { metric, labels }, ready, onForecast }: FirstForecastStepProps) {
  const prediction = useQuery({
    queryKey: ["onboarding", "first-forecast", metric, labels],
    queryFn: async ({ signal }) => {
      try {
        const body = { metric, labels, horizons: HORIZONS, allow_stale: true };
        return (await call(client.POST("/api/v1/predict", { body, signal }))).predictions[0] ?? null;
      } catch (error) {
        if (error instanceof ApiError && error.code === "inference.not_enough_history") return null;
        throw error;
      }
    },
    enabled: ready,
    refetchInterval: ({ state }) => (state.data ? 15_000 : LOOK_MS),
  });
  const samples = useSamples({ metric, labels, seconds: 600, step: 5 });
  const made = prediction.data ?? undefined;

  useEffect(() => {
    if (made) onForecast();
  }, [made, onForecast]);

  if (prediction.isError) return <ErrorPanel compact error={prediction.error} onRetry={() => void prediction.refetch()} />;
  if (!made || !samples.data) return <p className="text-[0.8125rem] text-muted-foreground">Three samples are enough for a first one, with an honestly wide interval.</p>;
  return (
    <>
      <TimeSeriesChart title={`${seriesName(metric, labels)}, measured and forecast`} points={toChartPoints(samples.data, made.points)} unit={unitOf(metric)} className="h-52" />
      <p className="mt-2 text-2xs text-muted-foreground first-letter:uppercase">{made.model.reason}. It narrows as history grows.</p>
    </>
  );
}
