// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMemo } from "react";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { unitOf } from "@/lib/format";
import { sumOf, toTargetRows } from "./capacity";
import { CapacityChart } from "./capacity-chart";
import { useAdvice, useRecommendation, useTargetLoad, type Target } from "./targets";

const LINES = [
  { name: "Capacity advised", color: "var(--foreground)" },
  { name: "Schedule ahead", color: "var(--forecast)", dash: "5 4" },
];

/** The load of the last day against the replicas that were advised for it, and those of the next twelve hours. */
export function LoadCard({ target }: { target: Target }) {
  const load = useTargetLoad(target);
  const advice = useAdvice(target.id);
  const recommendation = useRecommendation(target);
  const now = useNow(60_000);
  const rows = useMemo(
    () => toTargetRows(sumOf(load.data ?? []), advice.data?.data ?? [], recommendation.data?.schedule ?? [], now),
    [load.data, advice.data, recommendation.data, now],
  );
  const failed = load.isError ? load : advice.isError ? advice : null;
  return (
    <Card>
      <CardHeader><CardTitle>Load and replicas</CardTitle>{target.policy && <span className="min-w-0 text-2xs text-muted-foreground">Policy: {target.policy}</span>}</CardHeader>
      {failed ? <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />
        : !load.data || !advice.data || recommendation.isPending ? <CardContent><LoadingBlock className="h-80" /></CardContent>
        : rows.every((row) => row.load === null) ? <EmptyPanel title="No load within the last day">No series of this metric with these labels had a sample. Advice begins with the first.</EmptyPanel>
        : (
          <CardContent>
            <CapacityChart title="Load and replicas" rows={rows} lines={LINES} capacity={target.per_replica_capacity} unit={unitOf(target.metric)} />
            <p className="mt-2 text-2xs text-muted-foreground">
              {recommendation.data ? recommendation.data.reason : "The schedule ahead is unknown while the load is."}
            </p>
          </CardContent>
        )}
    </Card>
  );
}
