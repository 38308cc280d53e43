// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Hourglass, Leaf } from "lucide-react";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Time } from "@/components/time";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { formatCount, formatValue } from "@/lib/format";
import { seriesName } from "@/lib/series";
import { toMs } from "@/lib/time";
import { backtestText, isSame, type Budget } from "./budget";
import { useBacktest } from "./budget-queries";
import { gridOf, toColumns } from "./timeline";
import { TimelineChart } from "./timeline-chart";
import { judgedUnit } from "./words";

const SHOWN = 15;

/** What would have been reported with `tried`, against what `saved` would have. */
export function BacktestCard({ tried, saved }: { tried: Budget; saved: Budget }) {
  const backtest = useBacktest(tried);
  const before = useBacktest(saved);
  const same = isSame(tried, saved);
  return (
    <Card>
      <CardHeader>
        <CardTitle>The last 14 days {same ? "as it is set now" : "with this"}</CardTitle>
        {!same && before.data && <p className="text-2xs text-muted-foreground">as it is set now: {formatCount(before.data.anomalies_reported)} reported</p>}
      </CardHeader>
      {backtest.isError ? <ErrorPanel error={backtest.error} onRetry={() => void backtest.refetch()} />
        : backtest.data === undefined ? <CardContent><LoadingBlock className="h-48" /><p className="mt-3 text-2xs text-muted-foreground">Replaying every series. It takes a few seconds.</p></CardContent>
        : backtest.data === null ? <EmptyPanel title="No samples yet" icon={Hourglass}>There is nothing to replay until samples have arrived.</EmptyPanel>
        : <Replayed found={backtest.data} stale={backtest.isPlaceholderData} />}
    </Card>
  );
}

function Replayed({ found, stale }: { found: Schema<"Backtested">; stale: boolean }) {
  const { start, end, anomalies_reported, incidents, score_floor, series_examined, series_meant, budget_per_week, data } = found;
  const columns = toColumns(data.map(({ started_at, severity }) => ({ time: toMs(started_at), counts: { [severity]: 1 } })), gridOf({ from: toMs(start), to: toMs(end) }));
  const notes = [
    incidents > 0 && `${formatCount(incidents)} ${incidents === 1 ? "incident" : "incidents"} of several series.`,
    budget_per_week !== null && score_floor > 0.5 && `To keep the budget, scores below ${score_floor.toFixed(2)} are not reported.`,
    series_examined < series_meant ? `${formatCount(series_examined)} of ${formatCount(series_meant)} series were looked at: there was no time for more.` : `${formatCount(series_meant)} series were looked at.`,
    "Marks of false positives are not taken into account.",
  ].filter(Boolean).join(" ");
  return (
    <div className={cn("transition-opacity", stale && "opacity-60")} aria-busy={stale}>
      <CardContent className="pb-3">
        <p className="text-sm font-medium" data-backtest>{backtestText(found)}</p>
        <p className="mt-0.5 mb-3 text-2xs text-muted-foreground">{notes}</p>
        {anomalies_reported > 0 && <TimelineChart columns={columns} title="What would have been reported, over time" />}
      </CardContent>
      {data.length === 0 ? <EmptyPanel title="Silence" icon={Leaf} className="min-h-28">You would not have been bothered.</EmptyPanel> : (
        <>
          <Table label="What would have been reported">
            <thead><tr><TableHead>Severity</TableHead><TableHead>Series</TableHead><TableHead className="text-right max-md:hidden">Seen</TableHead><TableHead className="text-right max-md:hidden">Expected</TableHead><TableHead className="text-right max-md:hidden">Score</TableHead><TableHead className="max-md:hidden">Began</TableHead></tr></thead>
            <tbody>
              {data.slice(0, SHOWN).map(({ metric = "", labels = {}, started_at, value, expected_value, anomaly_score, severity }) => (
                <TableRow key={`${seriesName(metric, labels)} ${started_at}`}>
                  <TableCell><SeverityLabel severity={severity} /></TableCell>
                  <TableCell className="w-full max-w-0 min-w-40 max-md:py-2.5" title={seriesName(metric, labels)}>
                    <span className="block truncate font-medium">{metric}</span>
                    <span className="block truncate font-mono text-2xs text-muted-foreground">{seriesName("", labels)}</span>
                    <span className="mt-1 block text-2xs text-muted-foreground md:hidden">{formatValue(value, judgedUnit(metric))}, expected {formatValue(expected_value, judgedUnit(metric))} · <Time value={started_at} relative /></span>
                  </TableCell>
                  <TableCell className="text-right whitespace-nowrap tabular-nums max-md:hidden">{formatValue(value, judgedUnit(metric))}</TableCell>
                  <TableCell className="text-right whitespace-nowrap text-muted-foreground tabular-nums max-md:hidden">{formatValue(expected_value, judgedUnit(metric))}</TableCell>
                  <TableCell className="text-right tabular-nums max-md:hidden">{anomaly_score.toFixed(2)}</TableCell>
                  <TableCell className="whitespace-nowrap max-md:hidden"><Time value={started_at} relative /></TableCell>
                </TableRow>
              ))}
            </tbody>
          </Table>
          {anomalies_reported > SHOWN && <p className="border-t px-4 py-2 text-2xs text-muted-foreground">The newest {SHOWN} of {formatCount(anomalies_reported)}.</p>}
        </>
      )}
    </div>
  );
}
