// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import dynamic from "next/dynamic";
import { SeriesTable } from "@/components/chart/series-table";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { seriesColor } from "@/lib/chart/palette";
import { toChartRows } from "@/lib/chart/rows";
import { horizonsFor } from "@/lib/chart/span";
import { formatDuration, unitOf } from "@/lib/format";
import { fromSelector, toSelector } from "@/lib/label-filters";
import { usePrediction } from "@/lib/queries/metrics";
import { seriesName, tellingLabels } from "@/lib/series";
import { MOST_SERIES, useChartSamples, type Chart } from "./dashboards";

const SeriesPlot = dynamic(() => import("@/components/chart/series-plot"), { ssr: false, loading: () => <Skeleton className="size-full" /> });

/** A forecast is of samples as they are: of their number or their sum in a step it says nothing. */
const FORECAST_OF: Chart["aggregate"][] = ["avg", "min", "max", "last"];

/** The series of a chart over time, or as a table. Fills its place. */
export function TileChart({ chart, hours, table }: { chart: Chart; hours: number; table: boolean }) {
  const { metric, match, aggregate, forecast } = chart;
  const found = useChartSamples(chart, hours * 3_600);
  const ahead = forecast && FORECAST_OF.includes(aggregate) && !found.isPlaceholderData && (found.data?.series.length ?? 0) > 0;
  const { labels } = toSelector(fromSelector({ labels: {}, match }) ?? []);
  const prediction = usePrediction(metric, labels, horizonsFor({ from: 0, to: hours * 3_600_000 }), ahead);
  if (found.isError) return <ErrorPanel className="h-full min-h-0 overflow-y-auto py-2" error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <LoadingBlock className="h-full" />;
  if (found.data.series.length === 0) return <EmptyPanel className="h-full min-h-0 py-0" title="No samples here">{`Nothing of ${metric} matches within the last ${formatDuration(hours * 3_600)}.`}</EmptyPanel>;

  const telling = tellingLabels(found.data.series);
  const alone = found.data.series.length === 1;
  const series = found.data.series.map((each, index) => ({ ...each, name: seriesName(alone ? each.metric : "", telling(each.labels)) || each.metric, color: seriesColor(index, found.data.series.length) }));
  const made = ahead ? prediction.data?.predictions : undefined;
  const rows = toChartRows({
    series: series.map(({ points }) => points),
    forecasts: series.map((each) => made?.find((one) => seriesName("", one.labels) === seriesName("", each.labels))?.points ?? []),
    step: found.data.step,
  });
  const unit = aggregate === "count" ? "" : unitOf(metric);
  if (table) return <SeriesTable rows={rows} series={series} unit={unit} />;
  const notes = [`${aggregate} of each ${formatDuration(found.data.step)}`, found.data.truncated && `the first ${MOST_SERIES} series`, ahead && prediction.isError && "no forecast"].filter(Boolean).join(" · ");
  return (
    <figure aria-label={`${chart.title}: ${metric}${match}, ${aggregate}`} className="flex h-full flex-col">
      <div className="min-h-0 flex-1"><SeriesPlot rows={rows} series={series} unit={unit} span={found.data.span} /></div>
      <figcaption className="mt-1 flex h-4 shrink-0 gap-x-3 overflow-hidden text-2xs text-muted-foreground">
        {series.map(({ name, color }) => (
          <span key={name} className="inline-flex min-w-0 items-center gap-1.5 font-mono" title={name}><span className="size-2 shrink-0 rounded-full" style={{ background: color }} aria-hidden /> <span className="truncate">{name}</span></span>
        ))}
        <span className="ml-auto shrink-0 pr-3 whitespace-nowrap" title={prediction.isError ? prediction.error.message : undefined}>{notes}</span>
      </figcaption>
    </figure>
  );
}
