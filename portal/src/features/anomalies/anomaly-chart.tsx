// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { History } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { seriesName } from "@/lib/series";
import { toMs } from "@/lib/time";
import { JudgedChart } from "./judged-chart";
import { toJudgedRows, windowAround } from "./judged-rows";
import { useJudged } from "./queries";
import { judgedUnit } from "./words";

const HOUR = 3_600_000;
const POINTS = 600;
const BEFORE = [{ hours: 3, title: "3 h before" }, { hours: 24, title: "1 d before" }, { hours: 168, title: "7 d before" }];

/** The series around an anomaly as detection saw it. */
export function AnomalyChart({ anomaly: { metric, labels, started_at, ended_at, severity } }: { anomaly: Schema<"Anomaly"> }) {
  const [hours, setHours] = useState(3);
  const now = useNow(60_000);
  const span = { from: toMs(started_at), to: ended_at === null ? now : toMs(ended_at) };
  const window = windowAround(span, hours * HOUR, now);
  const judged = useJudged(metric, labels, window, POINTS);
  const title = `${seriesName(metric, labels)}, measured and expected`;
  if (judged.isError && !judged.data) return <ErrorPanel className="min-h-80" error={judged.error} onRetry={() => void judged.refetch()} />;
  if (judged.data === undefined) return <LoadingBlock className="h-80" />;
  if (judged.data === null || judged.data.length === 0) {
    return <EmptyPanel className="min-h-80" title="Its samples are gone" icon={History}>They are past their retention, or were deleted. What was seen then is kept above.</EmptyPanel>;
  }
  const rows = toJudgedRows(judged.data, span, judged.data.length > 0.9 * POINTS);
  return (
    <div className={cn("transition-opacity", judged.isPlaceholderData && "opacity-60")}>
      <JudgedChart rows={rows} anomaly={span} window={window} severity={severity} unit={judgedUnit(metric)} title={title}>
        <Button asChild variant="ghost" size="sm" className="text-muted-foreground max-sm:hidden"><Link prefetch={false} href={explorerHref(metric, labels, window)}>Explore</Link></Button>
        <Select small aria-label="How much to show" value={hours} onChange={({ target }) => setHours(Number(target.value))}>
          {BEFORE.map(({ hours: each, title: name }) => <option key={each} value={each}>{name}</option>)}
        </Select>
      </JudgedChart>
    </div>
  );
}

function explorerHref(metric: string, labels: Record<string, string>, { from, to }: { from: number; to: number }): string {
  const query = new URLSearchParams({ metric, from: String(Math.round(from)), to: String(Math.round(to)) });
  for (const [name, value] of Object.entries(labels)) query.append("where", `${name}=${value}`);
  return `/explorer?${query}`;
}
