// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Skeleton } from "@/components/ui/skeleton";
import type { Labels } from "@/lib/api/types";
import { asApiError } from "@/lib/api/error";
import { seriesName } from "@/lib/series";
import type { Severity, Span } from "./address";
import { toJudgedRows, valueDomain } from "./judged-rows";
import { useJudged } from "./queries";
import { sparkline } from "./sparkline";

const SIZE = { width: 160, height: 32 };
const POINTS = 120;

type SeriesSparklineProps = { metric: string; labels: Labels; window: Span; odd: Span; severity: Severity };

/** One series of an incident, small: its shape, and where it was odd. */
export function SeriesSparkline({ metric, labels, window, odd, severity }: SeriesSparklineProps) {
  const judged = useJudged(metric, labels, window, POINTS);
  if (judged.isError) return <span className="text-2xs text-muted-foreground" title={asApiError(judged.error).message}>not to be had</span>;
  if (judged.data === undefined) return <Skeleton className="h-8 w-40 max-md:w-28" />;
  if (judged.data === null || judged.data.length < 2) return <span className="text-2xs text-muted-foreground">no samples</span>;
  const rows = toJudgedRows(judged.data, odd, judged.data.length > 0.9 * POINTS);
  const paths = sparkline(rows, valueDomain(rows), SIZE);
  return (
    <svg viewBox={`0 -2 ${SIZE.width} ${SIZE.height + 4}`} className="h-8 w-40 max-md:w-28" role="img" aria-label={`${seriesName(metric, labels)} around the incident`} fill="none" strokeLinejoin="round" strokeLinecap="round" preserveAspectRatio="none">
      <path d={paths.range} fill="var(--forecast)" fillOpacity={0.2} />
      <path d={paths.value} stroke="var(--actual)" strokeWidth={1.4} vectorEffect="non-scaling-stroke" />
      <path d={paths.odd} stroke={`var(--severity-${severity})`} strokeWidth={2} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
