// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useState } from "react";
import { TimeSeriesChart } from "@/components/chart/time-series-chart";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Card, CardContent, CardHeader } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import type { Schema } from "@/lib/api/types";
import { withForeseen } from "@/lib/chart/foreseen";
import { toChartPoints } from "@/lib/chart/points";
import { unitOf } from "@/lib/format";
import { byInterest } from "@/lib/interest";
import { useForeseen } from "@/lib/queries/forecasts";
import { usePrediction, useSamples, useSeries } from "@/lib/queries/metrics";
import { seriesName, tellingLabels } from "@/lib/series";
import { toMs } from "@/lib/time";
import { rangeFor } from "./leading-metrics";

/** One series: what was measured, what had been forecast of it an hour before, and what is forecast now; its metric and series can be chosen. `metrics` undefined: still on their way. */
export function ForecastPanel({ metrics, initial = "" }: { metrics: string[] | undefined; initial?: string }) {
  const [metric, setMetric] = useState(initial);
  const [chosen, setChosen] = useState(0);
  const found = useSeries(metric, 100);
  const series = byInterest(found.data?.series ?? []);
  const telling = tellingLabels(series);
  const current = series[Math.min(chosen, series.length - 1)];

  if (metrics === undefined) return <Card><CardContent><LoadingBlock className="h-80" /></CardContent></Card>;
  return (
    <Card>
      <CardHeader>
        <div className="flex min-w-0 flex-wrap gap-2">
          <Select small aria-label="Metric" value={metric} onChange={(event) => { setMetric(event.target.value); setChosen(0); }} className="max-w-56">
            {metrics.map((name) => <option key={name}>{name}</option>)}
          </Select>
          {series.length > 1 && (
            <Select small aria-label="Series" value={chosen} onChange={(event) => setChosen(Number(event.target.value))} className="max-w-56">
              {series.map(({ labels }, index) => <option key={index} value={index}>{seriesName("", telling(labels)) || "no labels"}</option>)}
            </Select>
          )}
        </div>
      </CardHeader>
      <CardContent>
        {found.isError ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />
          : !found.data ? <LoadingBlock className="h-72" />
          : !current ? <EmptyPanel title="No such series any more">Its samples are past their retention.</EmptyPanel>
          : <SeriesForecast series={current} />}
      </CardContent>
    </Card>
  );
}

function SeriesForecast({ series: { metric, labels, first_seen } }: { series: Schema<"Series"> }) {
  const now = useNow(60_000);
  const { seconds, step, label, horizons } = rangeFor((now - toMs(first_seen)) / 1000);
  const samples = useSamples({ metric, labels, seconds, step });
  const prediction = usePrediction(metric, labels, horizons);
  const foreseen = useForeseen(metric, labels, { from: now - seconds * 1000, to: now }, step, true);

  if (samples.isError) return <ErrorPanel error={samples.error} onRetry={() => void samples.refetch()} />;
  if (!samples.data || prediction.isPending) return <LoadingBlock className="h-72" />;
  if (samples.data.length === 0) return <EmptyPanel title="Silent">No sample within this range.</EmptyPanel>;
  const made = prediction.data?.predictions[0];
  const measured = toChartPoints(samples.data, made?.points, step * 1000);
  return (
    <>
      <TimeSeriesChart title={`${seriesName(metric, labels)}, measured and forecast`} points={foreseen.data?.value.length ? withForeseen(measured, foreseen.data) : measured} unit={unitOf(metric)} />
      <p className="mt-3 text-2xs text-muted-foreground">
        {label}{made ? ` · ${made.model.reason}` : prediction.isError ? " · no forecast for now" : " · a forecast needs three samples"}
      </p>
    </>
  );
}
