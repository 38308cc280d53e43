// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { formatValue, unitOf, type Unit } from "@/lib/format";
import { useOpenIncidents } from "@/lib/queries/anomalies";
import { seriesName } from "@/lib/series";
import type { Breach } from "./breaches";
import { useBreaches } from "./use-breaches";

/** As many breaches as are read at a glance. */
const MOST = 8;

/** What is forecast to cross a threshold, soonest first; then incidents that nobody has taken on, newest first. */
export function AttentionList() {
  const breaches = useBreaches();
  const incidents = useOpenIncidents();
  const error = incidents.error ?? breaches.error;
  const open = incidents.data?.data;
  const ahead = breaches.data;
  return (
    <Card>
      <CardHeader><CardTitle>What needs attention</CardTitle></CardHeader>
      {error ? <ErrorPanel error={error} onRetry={() => { void incidents.refetch(); breaches.refetch(); }} />
        : !open || !ahead ? <LoadingRows />
        : open.length + ahead.length === 0 ? (
          <EmptyPanel title="Nothing needs you" icon={CircleCheck}>
            Open incidents appear here, and what is forecast to cross a threshold of your <Link prefetch={false} href="/alerts" className="underline underline-offset-4">alert rules</Link>.
          </EmptyPanel>
        ) : (
          <div className="max-h-72 overflow-y-auto" tabIndex={0} role="region" aria-label="What needs attention">
            {ahead.length > 0 && (
              <ul className="divide-y" aria-label="Forecast to cross a threshold">
                {ahead.slice(0, MOST).map((breach) => <BreachRow key={breach.rule.id + seriesName(breach.metric, breach.labels)} breach={breach} />)}
                {ahead.length > MOST && <li className="px-4 py-2 text-2xs text-muted-foreground">and {ahead.length - MOST} more, later</li>}
              </ul>
            )}
            {open.length > 0 && (
              <ul className="divide-y border-t first:border-t-0" aria-label="Open incidents">
                {open.map(({ id, title, severity, started_at }) => (
                  <li key={id} className="flex items-center gap-3 px-4 py-2.5">
                    <SeverityLabel severity={severity} className="w-16 shrink-0" />
                    <Link prefetch={false} href={`/anomalies?incident=${id}`} className="min-w-0 flex-1 truncate text-[0.8125rem] underline-offset-4 hover:underline" title={title}>{title}</Link>
                    <Time value={started_at} relative className="shrink-0 text-2xs text-muted-foreground" />
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
    </Card>
  );
}

function BreachRow({ breach: { rule, metric, labels, threshold, above, time, likely } }: { breach: Breach }) {
  const query = new URLSearchParams({ metric });
  for (const [label, value] of Object.entries(labels)) query.append("where", `${label}=${value}`);
  const name = seriesName(metric, labels);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <SeverityLabel severity={rule.severity} className="w-16 shrink-0" />
      <div className="min-w-0 flex-1">
        <Link prefetch={false} href={`/explorer?${query}`} className="block truncate text-[0.8125rem] underline-offset-4 hover:underline" title={name}>{name}</Link>
        <p className="truncate text-2xs text-muted-foreground">
          {likely ? "likely" : "possibly"} {above ? "above" : "below"} {thresholdText(threshold, unitOf(metric))} ·{" "}
          <Link prefetch={false} href={`/alerts?rule=${rule.id}`} className="underline-offset-4 hover:underline" title={rule.name}>{rule.name}</Link>
        </p>
      </div>
      <Time value={time} relative className="shrink-0 text-xs font-medium tabular-nums" />
    </li>
  );
}

/** What somebody chose is told as they chose it, not rounded: 1,015 and not 1.01k. */
function thresholdText(threshold: number, unit: Unit): string {
  return unit === "" ? threshold.toLocaleString("en-US", { maximumSignificantDigits: 12 }) : formatValue(threshold, unit);
}
