// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { useOpenIncidents } from "@/lib/queries/anomalies";

/** Incidents that nobody has taken on, newest first. */
export function AttentionList() {
  const incidents = useOpenIncidents();
  return (
    <Card>
      <CardHeader><CardTitle>What needs attention</CardTitle></CardHeader>
      {incidents.isError ? <ErrorPanel error={incidents.error} onRetry={() => void incidents.refetch()} />
        : !incidents.data ? <LoadingRows />
        : incidents.data.data.length === 0 ? <EmptyPanel title="Nothing needs you" icon={CircleCheck}>Incidents that are open appear here.</EmptyPanel>
        : (
          <ul className="max-h-64 divide-y overflow-y-auto" tabIndex={0} aria-label="Open incidents">
            {incidents.data.data.map(({ id, title, severity, started_at }) => (
              <li key={id} className="flex items-center gap-3 px-4 py-2.5">
                <SeverityLabel severity={severity} className="w-16 shrink-0" />
                <Link prefetch={false} href={`/anomalies?incident=${id}`} className="min-w-0 flex-1 truncate text-[0.8125rem] underline-offset-4 hover:underline" title={title}>{title}</Link>
                <Time value={started_at} relative className="shrink-0 text-2xs text-muted-foreground" />
              </li>
            ))}
          </ul>
        )}
    </Card>
  );
}
