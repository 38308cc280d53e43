// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Boxes, SearchX } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Mase } from "@/components/mase";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import type { Schema } from "@/lib/api/types";
import { formatCount, formatShare } from "@/lib/format";
import { useModelAccuracy, useModels } from "@/lib/queries/models";

const SHOWN = 30;
/** What the live figure of a version is of. */
const HORIZON = 60;

/** Versions, newest first. `onRestore` asks whether to roll back to one. */
export function VersionsCard({ onRestore }: { onRestore?: (model: Schema<"Model">) => void }) {
  const found = useModels();
  const [filter, setFilter] = useState("");
  const [more, setMore] = useState(SHOWN);
  const wanted = filter.trim().toLowerCase();
  const models = (found.data?.models ?? []).filter(({ target_metric }) => target_metric.toLowerCase().includes(wanted));
  return (
    <Card>
      <CardHeader>
        <CardTitle>Versions</CardTitle>
        <Input aria-label="Filter by metric" placeholder="Filter by metric…" value={filter} onChange={(event) => { setFilter(event.target.value); setMore(SHOWN); }} className="h-8 w-64 max-sm:w-full" />
      </CardHeader>
      {found.isError ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />
        : !found.data ? <LoadingRows />
        : found.data.models.length === 0 ? <EmptyPanel title="No models yet" icon={Boxes}>A metric has one from its first forecast or training on.</EmptyPanel>
        : models.length === 0 ? <EmptyPanel title="No metric is called that" icon={SearchX} />
        : (
          <Table label="Versions">
            <thead>
              <tr>
                <TableHead>Metric</TableHead><TableHead>Version</TableHead><TableHead>Trained</TableHead><TableHead className="text-right">Backtest MASE</TableHead><TableHead className="text-right">Coverage</TableHead>
                <TableHead className="text-right">Live MASE</TableHead><TableHead className="text-right">Series</TableHead>{onRestore && <TableHead><span className="sr-only">Actions</span></TableHead>}
              </tr>
            </thead>
            <tbody>{models.slice(0, more).map((model) => <VersionRow key={model.id} model={model} onRestore={onRestore} />)}</tbody>
          </Table>
        )}
      {models.length > more && (
        <div className="border-t px-4 py-2 text-center"><Button variant="ghost" size="sm" onClick={() => setMore(more + SHOWN)}>Show {Math.min(SHOWN, models.length - more)} more of {formatCount(models.length)}</Button></div>
      )}
      {found.data?.more && <p className="border-t px-4 py-2 text-2xs text-muted-foreground">The newest thousand versions.</p>}
    </Card>
  );
}

const STATUS = { active: "success", candidate: "warning", retired: "default", withdrawn: "destructive" } as const;

function VersionRow({ model, onRestore }: { model: Schema<"Model">; onRestore?: (model: Schema<"Model">) => void }) {
  const { target_metric: metric, version, status, metrics, trained_at } = model;
  const active = status === "active";
  const live = useModelAccuracy(active ? model.id : undefined).data?.summary.find(({ horizon_minutes }) => horizon_minutes === HORIZON);
  // A version without series was made by a first forecast: nothing of it is kept that could serve again.
  const restorable = status === "retired" && metrics.series !== undefined && model.artifact_deleted_at === null;
  return (
    <TableRow>
      <TableCell className="max-w-72 max-sm:max-w-44"><Link href={`/predictions?metric=${encodeURIComponent(metric)}`} className="block truncate font-medium underline-offset-4 hover:underline" title={metric}>{metric}</Link></TableCell>
      <TableCell className="whitespace-nowrap"><span className="inline-block w-8 tabular-nums">v{version}</span> <Badge variant={STATUS[status]}>{active ? "serves" : status}</Badge></TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={trained_at} relative /></TableCell>
      <TableCell className="text-right"><Mase value={metrics.mase} /></TableCell>
      <TableCell className="text-right tabular-nums">{formatShare(metrics.coverage)}</TableCell>
      <TableCell className="text-right"><Mase value={live?.median_mase} /></TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums">
        {metrics.series === undefined ? <span className="text-muted-foreground" title="Made by a first forecast, without a training">not trained</span>
          : <>{formatCount(metrics.series)}{metrics.promoted !== undefined && <span className="text-muted-foreground"> · {formatCount(metrics.promoted)} new</span>}</>}
      </TableCell>
      {onRestore && (
        <TableCell className="text-right">
          {restorable && <Button variant="ghost" size="sm" onClick={() => onRestore(model)} aria-label={`Roll ${metric} back to version ${version}`}>Roll back</Button>}
        </TableCell>
      )}
    </TableRow>
  );
}
