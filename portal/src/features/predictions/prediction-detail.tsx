// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { TimeSeriesChart } from "@/components/chart/time-series-chart";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import type { Schema } from "@/lib/api/types";
import { toChartPoints } from "@/lib/chart/points";
import { unitOf } from "@/lib/format";
import { currentModels } from "@/lib/models";
import { usePrediction, useSamples, useSeries } from "@/lib/queries/metrics";
import { useModels } from "@/lib/queries/models";
import { seriesName, tellingLabels } from "@/lib/series";
import { AccuracyTable } from "./accuracy-table";
import { ModelReasons } from "./model-reasons";

const HORIZONS = Array.from({ length: 12 }, (_, index) => (index + 1) * 5); // minutes
const SECONDS = 6 * 3_600;
const STEP = 120;

/** One metric: a series of it with its forecast, why this model, and how all of them did. `series`: its labels as written, or "". */
export function PredictionDetail({ metric, series }: { metric: string; series: string }) {
  const found = useSeries(metric);
  const models = useModels();
  const all = found.data?.series ?? [];
  const telling = tellingLabels(all);
  const chosen = all.find(({ labels }) => seriesName("", labels) === series) ?? all[0];
  const model = currentModels(models.data?.models ?? []).get(metric);
  const choose = (labels: Record<string, string>) => history.replaceState(null, "", `?${new URLSearchParams({ metric, series: seriesName("", labels) })}`);
  return (
    <>
      <Link href="/predictions" className="mb-2 inline-flex items-center gap-1.5 text-2xs text-muted-foreground hover:text-foreground"><ArrowLeft className="size-3.5" aria-hidden /> Predictions</Link>
      <PageHeader
        title={metric}
        description={model ? `Version ${model.version} of its model` : undefined}
        actions={<Button asChild variant="outline" size="sm"><Link href={`/explorer?metric=${encodeURIComponent(metric)}`}>Explore</Link></Button>}
      />
      <div className="grid grid-cols-1 gap-4">
        <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          {found.isError ? <Card className="xl:col-span-2"><ErrorPanel error={found.error} onRetry={() => void found.refetch()} /></Card>
            : !found.data ? <Card className="xl:col-span-2"><CardContent><LoadingBlock className="h-80" /></CardContent></Card>
            : !chosen ? <Card className="xl:col-span-2"><EmptyPanel title="No such metric">It never came, or its samples are past their retention.</EmptyPanel></Card>
            : (
              <SeriesForecast key={seriesName("", chosen.labels)} series={chosen}>
                {all.length > 1 && (
                  <Select small aria-label="Series" value={seriesName("", chosen.labels)} onChange={(event) => { const next = all.find(({ labels }) => seriesName("", labels) === event.target.value); if (next) choose(next.labels); }} className="max-w-full">
                    {all.map(({ labels }) => <option key={seriesName("", labels)} value={seriesName("", labels)}>{seriesName("", telling(labels)) || "no labels"}</option>)}
                  </Select>
                )}
              </SeriesForecast>
            )}
        </div>
        <AccuracyTable model={model} unit={unitOf(metric)} telling={telling} onChoose={choose} />
      </div>
    </>
  );
}

function SeriesForecast({ series: { metric, labels }, children }: { series: Schema<"Series">; children: React.ReactNode }) {
  const samples = useSamples({ metric, labels, seconds: SECONDS, step: STEP });
  const prediction = usePrediction(metric, labels, HORIZONS);
  const made = prediction.data?.predictions[0];
  return (
    <>
      <Card>
        {children && <CardHeader>{children}</CardHeader>}
        <CardContent>
          {samples.isError ? <ErrorPanel error={samples.error} onRetry={() => void samples.refetch()} />
            : !samples.data || prediction.isPending ? <LoadingBlock className="h-72" />
            : samples.data.length === 0 ? <EmptyPanel title="Silent">No sample within the last six hours.</EmptyPanel>
            : <TimeSeriesChart title={`${seriesName(metric, labels)}, measured and forecast`} points={toChartPoints(samples.data, made?.points, STEP * 1000)} unit={unitOf(metric)} className="h-72" />}
        </CardContent>
      </Card>
      <Card>
        <CardHeader><h2 className="text-sm font-medium">Why this model</h2></CardHeader>
        {prediction.isError ? <ErrorPanel error={prediction.error} onRetry={() => void prediction.refetch()} />
          : prediction.isPending ? <CardContent><LoadingBlock className="h-40" /></CardContent>
          : !made ? <EmptyPanel title="Not enough history">Fewer than three samples so far.</EmptyPanel>
          : <ModelReasons prediction={made} />}
      </Card>
    </>
  );
}
