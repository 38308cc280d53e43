// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { asApiError } from "@/lib/api/error";
import { formatCount, formatNumber, formatShare } from "@/lib/format";
import { useAnomalies } from "@/lib/queries/anomalies";
import { useSeries } from "@/lib/queries/metrics";
import { useUsage } from "@/lib/queries/usage";
import { useAccuracy, useRejections } from "./overview";

/** The few numbers that tell whether all is well. */
export function OverviewCards() {
  const series = useSeries();
  const anomalies = useAnomalies({ status: "open" });
  const accuracy = useAccuracy();
  const rejections = useRejections();
  const usage = useUsage();
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border md:grid-cols-3 2xl:grid-cols-6">
      <Figure title="Series" query={series} note={(data) => `${formatCount(new Set(data.series.map(({ metric }) => metric)).size)} metrics`}>
        {(data) => `${formatCount(data.series.length)}${data.more ? "+" : ""}`}
      </Figure>
      <Figure title="Open anomalies" href="/anomalies?status=open&range=7776000" query={anomalies} note={(page) => worst(page.data.map(({ severity }) => severity))}>
        {(page) => `${formatCount(page.data.length)}${page.next_cursor ? "+" : ""}`}
      </Figure>
      <Figure
        title="Forecast error"
        query={accuracy}
        note={(found) => found === null ? "none has met its value yet" : `of the naive guess's · ${formatShare(found.coverage)} in the 95 % interval`}
      >
        {(found) => found === null || found.median_mase === null ? "–" : formatShare(found.median_mase)}
      </Figure>
      <Figure title="Samples today" query={usage} note={({ samples, ingest_rate }) => `${formatNumber(ingest_rate.samples_per_second)}/s · ${formatNumber(samples.used)} this month`}>
        {({ days }) => formatNumber(days.at(-1)?.samples ?? 0)}
      </Figure>
      <Figure title="Predictions today" query={usage} note={({ predictions }) => `${formatNumber(predictions.used)} this month`}>
        {({ days }) => formatNumber(days.at(-1)?.predictions ?? 0)}
      </Figure>
      <Figure title="Rejected samples" query={rejections} note={(found) => found.fix ?? "since the server started"}>
        {(found) => formatCount(found.total)}
      </Figure>
    </dl>
  );
}

function worst(severities: string[]): string {
  const found = ["critical", "high", "medium", "low"].find((severity) => severities.includes(severity));
  return found ? `worst: ${found}` : "all quiet";
}

type FigureProps<Data> = { title: string; href?: string; query: UseQueryResult<Data>; note: (data: Data) => string; children: (data: Data) => ReactNode };

function Figure<Data>({ title, href, query, note, children }: FigureProps<Data>) {
  return (
    <div className="min-w-0 bg-card px-4 py-3.5">
      <dt className="text-2xs font-medium text-muted-foreground">{title}</dt>
      <dd className="mt-1.5 text-2xl leading-7 font-semibold tracking-tight tabular-nums">
        {query.data !== undefined ? (href ? <Link prefetch={false} href={href} className="underline-offset-4 hover:underline" aria-label={`${title}: ${String(children(query.data))}`}>{children(query.data)}</Link> : children(query.data)) : query.isError ? "–" : <Skeleton className="h-7 w-16" />}
      </dd>
      <dd className="mt-1 line-clamp-2 text-2xs text-muted-foreground" title={query.data !== undefined ? note(query.data) : undefined}>
        {query.data !== undefined ? note(query.data) : query.isError ? asApiError(query.error).message : " "}
      </dd>
    </div>
  );
}
