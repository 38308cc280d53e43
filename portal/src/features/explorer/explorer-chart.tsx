// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartLine, SearchX, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { SeriesTable } from "@/components/chart/series-table";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { seriesColor } from "@/lib/chart/palette";
import { toChartRows } from "@/lib/chart/rows";
import { horizonsFor, type Span } from "@/lib/chart/span";
import { cn } from "@/lib/cn";
import { formatDuration, unitOf, type Unit } from "@/lib/format";
import { toSelector } from "@/lib/label-filters";
import { useForeseen } from "@/lib/queries/forecasts";
import { usePrediction } from "@/lib/queries/metrics";
import { seriesName, tellingLabels } from "@/lib/series";
import type { LiveState } from "@/lib/live/messages";
import type { ExplorerState } from "./explorer-state";
import { MOST_SERIES, useExplored, useLiveSamples } from "./queries";
import { dragged, pan, spanOf, zoom } from "./time-range";

const SeriesPlot = dynamic(() => import("@/components/chart/series-plot"), { ssr: false, loading: () => <Skeleton className="size-full" /> });

type ExplorerChartProps = { state: ExplorerState; onChange: (change: Partial<ExplorerState>) => void };

/** The series that are meant, over time. One click on a name shows that series alone, with its interval. */
export function ExplorerChart({ state, onChange }: ExplorerChartProps) {
  const live = useLiveSamples(state);
  const explored = useExplored(state, live);
  if (explored.isError) return <ErrorPanel className="min-h-96" error={explored.error} onRetry={() => void explored.refetch()} />;
  if (!explored.data) return <LoadingBlock className="h-[26rem]" />;
  if (explored.data.series.length === 0) {
    return <EmptyPanel className="min-h-96" title="No samples here" icon={SearchX}>Nothing matches within this range. Take a longer one, or fewer conditions.</EmptyPanel>;
  }
  return <Drawn state={state} onChange={onChange} found={explored.data} stale={explored.isPlaceholderData} stream={live} />;
}

type Found = NonNullable<ReturnType<typeof useExplored>["data"]>;

function Drawn({ state, onChange, found, stale, stream }: ExplorerChartProps & { found: Found; stale: boolean; stream: LiveState }) {
  const [table, setTable] = useState(false);
  const [only, setOnly] = useState<string | null>(null);
  const live = "seconds" in state.range;
  const telling = tellingLabels(found.series);
  const all = found.series.map((each, index) => ({ ...each, name: seriesName(found.series.length > 1 ? "" : each.metric, telling(each.labels)) || each.metric, color: seriesColor(index, found.series.length) }));
  const shown = all.some(({ name }) => name === only) ? all.filter(({ name }) => name === only) : all;
  const alone = shown.length === 1 ? shown[0] : undefined;

  // Series of the answer before may not exist under the new conditions.
  const forecast = state.forecast && live && !stale;
  const { labels } = toSelector(state.filters);
  const prediction = usePrediction(state.metric, alone?.labels ?? labels, horizonsFor({ from: 0, to: "seconds" in state.range ? state.range.seconds * 1000 : 0 }), forecast);
  const foreseen = useForeseen(state.metric, alone?.labels ?? {}, found.span, found.step, state.forecast && alone !== undefined && !stale);
  const made = forecast ? prediction.data?.predictions : undefined;
  const rows = toChartRows({
    series: shown.map(({ points }) => points),
    forecasts: shown.map((each) => made?.find((one) => seriesName("", one.labels) === seriesName("", each.labels))?.points ?? []),
    foreseen: state.forecast && alone ? foreseen.data : undefined,
    step: found.step,
  });

  const zoomTo = (span: Span) => onChange({ range: span });
  const onKeyDown = (event: React.KeyboardEvent) => {
    const span = spanOf(state.range, Date.now());
    const moved = { ArrowLeft: pan(span, -0.25, Date.now()), ArrowRight: pan(span, 0.25, Date.now()), "+": zoom(span, 0.5, Date.now()), "=": zoom(span, 0.5, Date.now()), "-": zoom(span, 2, Date.now()) }[event.key];
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moved) zoomTo(moved);
    else if (event.key === "0") onChange({ range: { seconds: 21_600 } });
    else return;
    event.preventDefault();
  };
  const unit: Unit = state.aggregate === "count" ? "" : unitOf(state.metric);
  return (
    <figure aria-label={`${state.metric}, ${state.aggregate} of each ${formatDuration(found.step)}`} className={cn("transition-opacity", stale && "opacity-60")}>
      <div className="mb-2 flex items-center gap-3 text-2xs text-muted-foreground">
        <span>{state.aggregate} of each {formatDuration(found.step)}{unit && `, in ${unit}`}</span>
        {live && <LiveMark stream={stream} />}
        <span className="ml-auto max-md:hidden">drag to zoom · keys ← → + − 0</span>
        <Button variant="ghost" size="icon" className="text-muted-foreground max-md:ml-auto" aria-pressed={table} aria-label={table ? "Show as chart" : "Show as table"} onClick={() => setTable(!table)}>
          {table ? <ChartLine /> : <Table2 />}
        </Button>
      </div>
      {table ? <div className="h-80"><SeriesTable rows={rows} series={shown} unit={unit} /></div> : (
        <div className="h-80 rounded-md" tabIndex={0} role="application" aria-label="Chart: arrow keys move in time, plus and minus zoom, 0 returns" onKeyDown={onKeyDown}>
          <SeriesPlot rows={rows} series={shown} unit={unit} span={live ? found.span : (state.range as Span)} onDrag={(first, last) => { const span = dragged(first, last); if (span) zoomTo(span); }} />
        </div>
      )}
      <figcaption className="mt-3 flex flex-wrap gap-x-1 gap-y-0.5">
        {all.map(({ name, color }) => (
          <button
            key={name}
            type="button"
            aria-pressed={only === name}
            disabled={all.length === 1}
            onClick={() => setOnly(only === name ? null : name)}
            className={cn("inline-flex max-w-full items-center gap-1.5 rounded px-1.5 py-0.5 font-mono text-2xs transition-colors hover:bg-accent disabled:hover:bg-transparent", only !== null && only !== name && "text-muted-foreground line-through decoration-1")}
          >
            <span className="size-2 shrink-0 rounded-full" style={{ background: color }} aria-hidden /> <span className="min-w-0 truncate">{name}</span>
          </button>
        ))}
      </figcaption>
      <p className="mt-2 text-2xs text-muted-foreground first-letter:uppercase">
        {[
          found.truncated && `The first ${MOST_SERIES} series of more: add a condition to see others.`,
          all.length > 1 && "Click a series to see it alone, with its interval.",
          state.forecast && !live && "Forecasts begin now: a range that lies in the past shows what was forecast an hour before.",
          made && alone && made[0]?.model.reason,
          forecast && prediction.isError && `No forecast: ${prediction.error.message}.`,
          forecast && prediction.data === null && "A forecast needs three samples.",
        ].filter(Boolean).join(" ")}
      </p>
    </figure>
  );
}

/** Whether samples come by themselves. Where they do not, the range is read every 15 s, so that this is no alarm. */
function LiveMark({ stream }: { stream: LiveState }) {
  const live = stream === "live";
  return (
    <span role="status" className="inline-flex items-center gap-1.5" title={stream === "reconnecting" ? "The stream of events is away; asked again every 15 s meanwhile." : undefined}>
      <span className={cn("size-1.5 rounded-full", live ? "bg-success" : "bg-muted-foreground/60")} aria-hidden /> {live ? "live" : stream === "reconnecting" ? "reconnecting" : "connecting"}
    </span>
  );
}
