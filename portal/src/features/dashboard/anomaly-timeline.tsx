// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Activity } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { severityColor, SeverityLabel, type Severity } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { useAnomalies } from "@/lib/queries/anomalies";
import { formatTick, formatTime, toMs } from "@/lib/time";
import { countByHour } from "./count-by-hour";

const HOURS = 24;
const HOUR_MS = 3_600_000;
const WORST_FIRST: Severity[] = ["critical", "high", "medium", "low"];

/** Anomalies of the last day, an hour a column. */
export function AnomalyTimeline() {
  // The query's key must not change with every second.
  const [start] = useState(() => new Date(Math.floor(Date.now() / HOUR_MS - HOURS) * HOUR_MS).toISOString());
  const anomalies = useAnomalies({ start });
  return (
    <Card>
      <CardHeader>
        <CardTitle><Link prefetch={false} href="/anomalies?range=86400" className="underline-offset-4 hover:underline">Anomalies, last 24 h</Link></CardTitle>
        <div className="flex gap-3 text-muted-foreground">{WORST_FIRST.map((severity) => <SeverityLabel key={severity} severity={severity} />)}</div>
      </CardHeader>
      <CardContent>
        {anomalies.isError ? <ErrorPanel error={anomalies.error} onRetry={() => void anomalies.refetch()} />
          : !anomalies.data ? <LoadingBlock className="h-40" />
          : anomalies.data.data.length === 0 ? <EmptyPanel title="Nothing out of the ordinary" icon={Activity}>Every sample is scored as it arrives.</EmptyPanel>
          : <Columns anomalies={anomalies.data.data} />}
      </CardContent>
    </Card>
  );
}

function Columns({ anomalies }: { anomalies: Schema<"Anomaly">[] }) {
  const now = useNow(60_000);
  const columns = countByHour(anomalies.map(({ started_at, severity }) => ({ time: toMs(started_at), severity })), now, HOURS);
  const most = Math.max(...columns.map(({ total }) => total), 4);
  return (
    <>
      <ol className="flex h-36 items-end gap-1 border-b" aria-label="Anomalies by hour">
        {columns.map(({ start, total, counts }) => (
          <li key={start} className="flex h-full min-w-0 flex-1 flex-col justify-end gap-px" title={`${formatTime(start)}: ${total}`}>
            <span className="sr-only">{`${formatTime(start)}: ${total}`}</span>
            {WORST_FIRST.map((severity) => counts[severity] > 0 && (
              <span key={severity} className={cn("w-full rounded-[2px]", severityColor[severity])} style={{ height: `${(counts[severity] / most) * 100}%`, minHeight: 3 }} />
            ))}
          </li>
        ))}
      </ol>
      <div className="mt-1.5 flex justify-between text-2xs text-muted-foreground">
        {columns.filter((_, index) => index % 6 === 0).map(({ start }) => <span key={start}>{formatTick(start, HOUR_MS)}</span>)}
        <span>now</span>
      </div>
    </>
  );
}
