// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Hourglass } from "lucide-react";
import { useState } from "react";
import { Mase } from "@/components/mase";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import type { Labels, Schema } from "@/lib/api/types";
import { formatCount, formatShare, formatValue, type Unit } from "@/lib/format";
import { useModelAccuracy } from "@/lib/queries/models";
import { seriesName } from "@/lib/series";

const ROWS = 300;

type AccuracyTableProps = { model: Schema<"Model"> | undefined; unit: Unit; telling: (labels: Labels) => Labels; onChoose: (labels: Labels) => void };

/** How the forecasts of each series did, at each horizon; withdrawn ones with the reason. */
export function AccuracyTable({ model, unit, telling, onChoose }: AccuracyTableProps) {
  const [withdrawn, setWithdrawn] = useState(false);
  const accuracy = useModelAccuracy(model?.id, withdrawn ? { withdrawn } : {}, ROWS);
  return (
    <Card>
      <CardHeader>
        <CardTitle>Live accuracy, last week</CardTitle>
        <label className="inline-flex items-center gap-2 text-[0.8125rem]">
          <input type="checkbox" className="size-4" checked={withdrawn} onChange={(event) => setWithdrawn(event.target.checked)} /> Withdrawn only
        </label>
      </CardHeader>
      {accuracy.isError ? <ErrorPanel error={accuracy.error} onRetry={() => void accuracy.refetch()} />
        : !model ? <EmptyPanel title="No model yet" icon={Hourglass}>It has one from its first forecast on.</EmptyPanel>
        : !accuracy.data ? <LoadingRows />
        : accuracy.data.data.length === 0 ? (
          <EmptyPanel title={withdrawn ? "None is withdrawn" : "No forecast has met its value yet"} icon={Hourglass}>
            {withdrawn ? "Every forecast does better than the naive guess, or as well." : "Each series is forecast every five minutes. The first one is measured a quarter of an hour later."}
          </EmptyPanel>
        ) : (
          <Table label="Live accuracy">
            <thead>
              <tr>
                <TableHead>Series</TableHead><TableHead className="text-right">Ahead</TableHead><TableHead className="text-right">MASE</TableHead><TableHead className="text-right">Mean error</TableHead>
                <TableHead className="text-right">Naive</TableHead><TableHead className="text-right">Coverage</TableHead><TableHead className="text-right">Met</TableHead><TableHead>Since</TableHead>
              </tr>
            </thead>
            <tbody>
              {accuracy.data.data.map((row) => (
                <TableRow key={`${seriesName("", row.labels)} ${row.horizon_minutes}`}>
                  <TableCell className="max-w-96">
                    <button type="button" className="block max-w-full truncate font-mono text-xs underline-offset-4 hover:underline" title={seriesName(row.metric, row.labels)} onClick={() => onChoose(row.labels)}>
                      {seriesName("", telling(row.labels)) || row.metric}
                    </button>
                    {row.withdrawn && <p className="mt-1 text-2xs text-muted-foreground"><Badge variant="warning">withdrawn</Badge> since <Time value={row.withdrawn.since} />: {row.withdrawn.reason}</p>}
                  </TableCell>
                  <TableCell className="text-right whitespace-nowrap tabular-nums">{row.horizon_minutes} min</TableCell>
                  <TableCell className="text-right"><Mase value={row.mase} /></TableCell>
                  <TableCell className="text-right whitespace-nowrap tabular-nums">{formatValue(row.mae, unit)}</TableCell>
                  <TableCell className="text-right whitespace-nowrap text-muted-foreground tabular-nums">{formatValue(row.naive_mae, unit)}</TableCell>
                  <TableCell className="text-right tabular-nums">{formatShare(row.coverage)}</TableCell>
                  <TableCell className="text-right tabular-nums">{formatCount(row.forecasts_met)}</TableCell>
                  <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={row.since} relative /></TableCell>
                </TableRow>
              ))}
            </tbody>
          </Table>
        )}
      {accuracy.data?.next_cursor && <p className="border-t px-4 py-2 text-2xs text-muted-foreground">The first {ROWS} rows of more.</p>}
    </Card>
  );
}
