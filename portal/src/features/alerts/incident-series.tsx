// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import type { Schema } from "@/lib/api/types";
import { formatCount, formatValue, unitOf } from "@/lib/format";
import { seriesName } from "@/lib/series";
import { useChangeIncident, useIncident, type Incident } from "./incidents";

/** As many series as are drawn: the most telling ones. */
const SHOWN = 20;

type Series = Schema<"RankedIncident">["series"][number];

/** What an incident is made of, the most telling first, and what can be done about it. */
export function IncidentSeries({ incident }: { incident: Incident }) {
  const found = useIncident(incident.id);
  const change = useChangeIncident();
  const may = useMay("member");
  const { status } = incident;
  const set = (next: Incident["status"]) => change.mutate({ id: incident.id, status: next });
  return (
    <div className="border-t bg-muted/30 px-4 py-3 sm:pl-11">
      <div className="mb-2 flex flex-wrap gap-2">
        <IncidentLinks incident={incident} />
        {may && (
          <span className="ml-auto flex gap-2">
            {status === "open" && <Button variant="ghost" size="sm" disabled={change.isPending} onClick={() => set("acknowledged")}>Acknowledge</Button>}
            {status !== "resolved" && <Button variant="ghost" size="sm" disabled={change.isPending} onClick={() => set("resolved")}>Resolve</Button>}
          </span>
        )}
      </div>
      {change.isError && <ErrorPanel compact error={change.error} className="mb-2" />}
      {found.isError ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />
        : !found.data ? <LoadingRows rows={2} />
        : (
          <div className="overflow-hidden rounded-md border bg-card">
            <Table label={`Series of ${incident.title}`}>
              <thead><tr><TableHead>#</TableHead><TableHead className="text-right">Value</TableHead><TableHead>Series</TableHead><TableHead>Why</TableHead><TableHead>From</TableHead><TableHead>Until</TableHead></tr></thead>
              <tbody>{found.data.series.slice(0, SHOWN).map((series) => <SeriesRow key={series.rank} series={series} />)}</tbody>
            </Table>
            {found.data.series.length > SHOWN && <p className="border-t px-4 py-2 text-2xs text-muted-foreground">The first {SHOWN} of {formatCount(incident.series_count)}.</p>}
          </div>
        )}
    </div>
  );
}

/** Where the whole of an incident is. */
function IncidentLinks({ incident: { id, alert_rule_id } }: { incident: Incident }) {
  return (
    <>
      {/* Without prefetching: most incidents are only looked at here. */}
      <Button asChild variant="outline" size="sm"><Link href={`/anomalies?incident=${id}`} prefetch={false}>Investigate</Link></Button>
      {alert_rule_id && <Button asChild variant="ghost" size="sm"><Link href={`/alerts?rule=${alert_rule_id}`}>Its rule</Link></Button>}
    </>
  );
}

function SeriesRow({ series }: { series: Series }) {
  const { rank, metric, labels, value, started_at, ended_at } = series;
  const name = seriesName(metric, labels);
  return (
    <TableRow>
      <TableCell className="text-muted-foreground tabular-nums">{rank}</TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums">{formatValue(value, unitOf(metric))}</TableCell>
      <TableCell className="max-w-96 min-w-40"><span className="block truncate font-mono text-xs" title={name}>{name}</span></TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground">{reason(series)}</TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={started_at} relative /></TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground">{ended_at ? <Time value={ended_at} relative /> : "now"}</TableCell>
    </TableRow>
  );
}

/** Of an anomaly what was expected, of a rule's series how far it went. */
function reason({ metric, lower, upper, anomaly_score, excess }: Series): string {
  const unit = unitOf(metric);
  if (typeof lower === "number" && typeof upper === "number") return `expected ${formatValue(lower, unit)} to ${formatValue(upper, unit)}`;
  if (excess !== null) return `beyond the rule by ${formatValue(excess, unit)}`;
  return anomaly_score === null ? "" : `score ${anomaly_score.toFixed(2)}`;
}
