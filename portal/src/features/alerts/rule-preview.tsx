// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartLine, History, SearchX, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { SeriesTable } from "@/components/chart/series-table";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import type { Schema } from "@/lib/api/types";
import { seriesColor } from "@/lib/chart/palette";
import { toChartRows } from "@/lib/chart/rows";
import { cn } from "@/lib/cn";
import { formatCount, formatDuration, formatValue, unitOf } from "@/lib/format";
import { seriesName, tellingLabels } from "@/lib/series";
import { toMs } from "@/lib/time";
import { marksOf, spansOf, summaryOf } from "./preview";
import type { NewRule } from "./rule-draft";
import { conditionText } from "./rule-words";
import { useBacktest, useReplayed } from "./rules";

const PreviewPlot = dynamic(() => import("./preview-plot"), { ssr: false, loading: () => <Skeleton className="size-full" /> });
/** As many would-be incidents as are told below the chart. */
const TOLD = 6;

type Backtest = Schema<"AlertBacktest">;

/** What a rule would have done in the last 14 days. null: too little of it is known yet. `settled`: nothing is being typed. */
export function RulePreview({ rule, settled }: { rule: NewRule | null; settled: boolean }) {
  const backtest = useBacktest(rule);
  if (rule === null) return <EmptyPanel className="min-h-96" title="The last 14 days" icon={History}>Choose a metric and what must not happen to it. When it would have fired is shown here.</EmptyPanel>;
  if (backtest.isError) return <ErrorPanel className="min-h-96" error={backtest.error} onRetry={() => void backtest.refetch()} />;
  if (!backtest.data) return <LoadingBlock className="h-[28rem]" />;
  if (backtest.data.series === 0) return <EmptyPanel className="min-h-96" title="No series" icon={SearchX}>Nothing that was sent matches. The rule would begin to watch once something does.</EmptyPanel>;
  return <Replay rule={rule} backtest={backtest.data} stale={backtest.isPlaceholderData || !settled} />;
}

function Replay({ rule, backtest, stale }: { rule: NewRule; backtest: Backtest; stale: boolean }) {
  const replayed = useReplayed(rule);
  const [table, setTable] = useState(false);
  const found = replayed.data?.series ?? [];
  const telling = tellingLabels(found);
  const series = found.map((each, index) => ({ ...each, name: seriesName(found.length > 1 ? "" : each.metric, telling(each.labels)) || each.metric, color: seriesColor(index, found.length) }));
  const unit = unitOf(rule.metric);
  const whole = { from: toMs(backtest.from), to: toMs(backtest.to) };
  const rows = replayed.data ? toChartRows({ series: series.map(({ points }) => points), forecasts: [], step: replayed.data.step }) : [];
  return (
    <figure aria-label={`${rule.metric} in the last 14 days, and when the rule would have fired`} className={cn("transition-opacity", stale && "opacity-60")}>
      <div className="mb-3 flex items-start gap-3">
        <div className="min-w-0">
          <p className="text-sm font-medium" role="status">{stale ? "Replaying…" : summaryOf(backtest)}</p>
          <p className="text-2xs text-muted-foreground">Last 14 days · {formatCount(backtest.series)} series · {conditionText({ threshold: null, direction: null, horizon_minutes: null, probability: null, for_seconds: 0, ...rule })}</p>
        </div>
        <Button variant="ghost" size="icon" className="ml-auto text-muted-foreground" aria-pressed={table} aria-label={table ? "Show as chart" : "Show as table"} onClick={() => setTable(!table)}>{table ? <ChartLine /> : <Table2 />}</Button>
      </div>
      <div className="h-72">
        {replayed.isError ? <ErrorPanel error={replayed.error} onRetry={() => void replayed.refetch()} />
          : !replayed.data ? <LoadingBlock className="h-full" />
          : table ? <SeriesTable rows={rows} series={series} unit={unit} />
          : <PreviewPlot rows={rows} series={series} unit={unit} span={whole} marks={marksOf(spansOf(backtest), whole)} threshold={rule.threshold ?? null} />}
      </div>
      <figcaption className="mt-3 flex flex-wrap gap-x-3 gap-y-1 text-2xs text-muted-foreground">
        <Key><span className="h-2.5 w-3 rounded-[2px] bg-destructive/20" aria-hidden /> would have fired</Key>
        {rule.threshold !== undefined && <Key><span className="w-3 border-t border-dashed border-destructive" aria-hidden /> threshold</Key>}
        {series.map(({ name, color }) => <Key key={name}><span className="size-2 shrink-0 rounded-full" style={{ background: color }} aria-hidden /> <span className="min-w-0 truncate font-mono">{name}</span></Key>)}
        {replayed.data?.truncated && <span>the first {series.length} series of more</span>}
      </figcaption>
      {rule.condition === "forecast_breach" && <p className="mt-2 text-2xs text-muted-foreground">Replayed are forecasts of each two hours, from what was known then. How long it has to hold is not regarded.</p>}
      {backtest.incidents.length > 0 && <WouldBe incidents={backtest.incidents} rule={rule} />}
    </figure>
  );
}

function Key({ children }: { children: React.ReactNode }) {
  return <span className="inline-flex max-w-full min-w-0 items-center gap-1.5">{children}</span>;
}

/** The newest of what would have been. */
function WouldBe({ incidents, rule }: { incidents: Backtest["incidents"]; rule: NewRule }) {
  const unit = rule.condition === "no_data" ? "seconds" : unitOf(rule.metric);
  return (
    <ol className="mt-4 divide-y border-t text-[0.8125rem]" aria-label="When it would have fired">
      {incidents.slice(-TOLD).reverse().map(({ started_at, resolved_at, series }, index) => {
        const worst = series[0];
        const name = worst ? seriesName("", worst.labels) || worst.metric : "";
        return (
          <li key={index} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 py-2">
            <span className="min-w-0 truncate"><Time value={started_at} /> <span className="text-muted-foreground">{resolved_at ? `for ${formatDuration((toMs(resolved_at) - toMs(started_at)) / 1000)}` : "until now"}</span></span>
            {worst && <span className="tabular-nums">{formatValue(worst.value, unit)}</span>}
            <span className="col-span-2 min-w-0 truncate font-mono text-2xs text-muted-foreground" title={name}>{name}{series.length > 1 && ` and ${series.length - 1} more`}</span>
          </li>
        );
      })}
      {incidents.length > TOLD && <li className="py-2 text-2xs text-muted-foreground">The newest {TOLD} of {formatCount(incidents.length)}.</li>}
    </ol>
  );
}
