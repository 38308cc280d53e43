// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { unitOf } from "@/lib/format";
import { toCourseRows } from "./capacity";
import { CapacityChart } from "./capacity-chart";
import { priceOf } from "./money";
import { PolicyTable } from "./policy-table";
import { verdictOf } from "./replay";
import { useRecommendation, type Target } from "./targets";
import { VerdictText } from "./verdict-text";

const LINES = [
  { name: "Helios", color: "var(--forecast)" },
  { name: "HPA", color: "var(--muted-foreground)" },
  { name: "Static peak", color: "var(--muted-foreground)", dash: "2 3" },
];

/** What each way of scaling would have cost and lost on the target's own load. */
export function ReplayCard({ target }: { target: Target }) {
  const recommendation = useRecommendation(target);
  // What the policy was chosen by is kept with the target: it stays where the load of now is unknown.
  const replay = recommendation.data?.replay ?? (recommendation.isError ? target.replay : null);
  const price = priceOf(target);
  const course = replay?.course ?? [];
  return (
    <Card>
      <CardHeader><CardTitle>Replay</CardTitle>{recommendation.data && <span className="text-2xs text-muted-foreground">of the newer half of what is known, 28 days at most</span>}</CardHeader>
      {recommendation.isError && <ErrorPanel compact={replay !== null} className={replay ? "m-3" : undefined} error={recommendation.error} onRetry={() => void recommendation.refetch()} />}
      {recommendation.isPending ? <CardContent><LoadingBlock className="h-96" /></CardContent> : replay && (
        <>
          <CardContent className="grid grid-cols-1 gap-4">
            <VerdictText verdict={verdictOf(replay, target.max_violation_ratio ?? 0, price)} />
            {course.length > 1 && <CapacityChart title="Load and capacity under each policy" rows={toCourseRows(course, replay.static.most_replicas)} lines={LINES} capacity={target.per_replica_capacity} unit={unitOf(target.metric)} />}
          </CardContent>
          <div className="border-t"><PolicyTable replay={replay} price={price} /></div>
        </>
      )}
    </Card>
  );
}
