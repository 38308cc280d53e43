// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartSpline, SearchX } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Mase } from "@/components/mase";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { formatCount, formatShare } from "@/lib/format";
import { useMetrics } from "@/lib/queries/metrics";
import { useModelAccuracy, useModels, type Horizon } from "@/lib/queries/models";
import { predictionRows, type PredictionRow } from "./prediction-rows";

/** Each row asks for its own accuracy: a page has no more of them than a minute's allowance bears. */
const PAGE_SIZE = 20;

export function PredictionList() {
  const metrics = useMetrics(15_000);
  const models = useModels();
  const [filter, setFilter] = useState("");
  const [page, setPage] = useState(0);
  const [horizon, setHorizon] = useState<Horizon>(60);
  const { rows, total } = predictionRows(metrics.data ?? [], models.data?.models ?? [], filter, page, PAGE_SIZE);
  const failed = metrics.isError ? metrics : models.isError ? models : null;
  return (
    <>
      <PageHeader title="Predictions" description="What is forecast of each metric, by which model, and how it has done against the naive guess." />
      {metrics.data?.length === 0 ? (
        <Card>
          <EmptyPanel title="Nothing to forecast yet" icon={ChartSpline} action={<Button asChild size="sm"><Link href="/onboarding">Send the first sample</Link></Button>}>
            A forecast follows the third sample of a series.
          </EmptyPanel>
        </Card>
      ) : (
        <Card>
          <CardHeader>
            <Input aria-label="Filter by name" placeholder="Filter by name…" value={filter} onChange={(event) => { setFilter(event.target.value); setPage(0); }} className="h-8 w-64 max-sm:w-full" />
            <Select small aria-label="Horizon" value={horizon} onChange={(event) => setHorizon(Number(event.target.value) as Horizon)}>
              {[15, 30, 60].map((minutes) => <option key={minutes} value={minutes}>{minutes} min ahead</option>)}
            </Select>
          </CardHeader>
          {failed ? <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />
            : !metrics.data || !models.data ? <LoadingRows />
            : total === 0 ? <EmptyPanel title="No metric is called that" icon={SearchX} />
            : (
              <Table label="Predictions">
                <thead>
                  <tr>
                    <TableHead>Metric</TableHead><TableHead>Model</TableHead><TableHead className="text-right">Backtest MASE</TableHead>
                    <TableHead className="text-right">Live MASE</TableHead><TableHead className="text-right">Coverage</TableHead><TableHead>Withdrawn</TableHead>
                  </tr>
                </thead>
                <tbody>{rows.map((row) => <MetricRow key={row.metric} row={row} horizon={horizon} />)}</tbody>
              </Table>
            )}
          {total > PAGE_SIZE && (
            <div className="flex items-center justify-end gap-2 border-t px-4 py-2 text-2xs text-muted-foreground">
              {page * PAGE_SIZE + 1} to {Math.min(total, (page + 1) * PAGE_SIZE)} of {formatCount(total)}
              <Button variant="outline" size="sm" disabled={page === 0} onClick={() => setPage(page - 1)}>Previous</Button>
              <Button variant="outline" size="sm" disabled={(page + 1) * PAGE_SIZE >= total} onClick={() => setPage(page + 1)}>Next</Button>
            </div>
          )}
        </Card>
      )}
      <p className="mt-3 text-2xs text-muted-foreground">
        MASE is the error over that of the seasonal naive guess, which repeats the last day: below 1 is better. Coverage is the share of values inside the 95 % interval. Live: the last week, median over series.
      </p>
    </>
  );
}

function MetricRow({ row: { metric, model }, horizon }: { row: PredictionRow; horizon: Horizon }) {
  const accuracy = useModelAccuracy(model?.id, {});
  const live = accuracy.data?.summary.find(({ horizon_minutes }) => horizon_minutes === horizon);
  return (
    <TableRow>
      <TableCell className="max-w-80 max-sm:max-w-44">
        <Link href={`/predictions?metric=${encodeURIComponent(metric)}`} className="block truncate font-medium underline-offset-4 hover:underline" title={metric}>{metric}</Link>
      </TableCell>
      <TableCell className="whitespace-nowrap">
        {model ? <>v{model.version} <span className="text-muted-foreground">· <Time value={model.trained_at} relative /></span> {model.status === "withdrawn" && <Badge variant="destructive">withdrawn</Badge>}</>
          : <span className="text-muted-foreground">none before its first forecast</span>}
      </TableCell>
      <TableCell className="text-right"><Mase value={model?.metrics.mase} /></TableCell>
      <TableCell className="text-right">{accuracy.isError ? <span title={accuracy.error.message}>?</span> : <Mase value={live?.median_mase} />}</TableCell>
      <TableCell className="text-right tabular-nums">{formatShare(live?.coverage)}</TableCell>
      <TableCell className="whitespace-nowrap">
        {live && live.withdrawn_series > 0 ? <Badge variant="warning">{formatCount(live.withdrawn_series)} of {formatCount(live.series)} series</Badge>
          : <span className="text-muted-foreground">{live && live.series > 0 ? "none" : model && accuracy.data ? "not measured yet" : "–"}</span>}
      </TableCell>
    </TableRow>
  );
}
