// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { formatCount } from "@/lib/format";
import { priceOf } from "./money";
import { PolicyTable } from "./policy-table";
import { verdictOf } from "./replay";
import type { Recommendation, TargetSettings } from "./targets";
import { VerdictText } from "./verdict-text";

/** What these settings would advise now, and what they would have cost. */
export function PreviewPanel({ recommendation: { recommended_replicas: replicas, reason, replay, summed_series: series }, settings }: { recommendation: Recommendation; settings: TargetSettings }) {
  const price = priceOf(settings);
  return (
    <section aria-label="Preview" className="overflow-hidden rounded-md border">
      <div className="grid gap-3 p-3">
        <p className="text-sm"><strong className="font-semibold">{formatCount(replicas)} {replicas === 1 ? "replica" : "replicas"} now.</strong> {reason}{series !== null && series !== 1 && ` The load is the sum of ${formatCount(series)} series.`}</p>
        <VerdictText verdict={verdictOf(replay, settings.max_violation_ratio ?? 0, price)} />
      </div>
      <div className="border-t"><PolicyTable replay={replay} price={price} /></div>
    </section>
  );
}
