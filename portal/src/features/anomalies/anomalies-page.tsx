// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Suspense } from "react";
import { PageHeader } from "@/components/page-header";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Card, CardContent } from "@/components/ui/card";
import { cn } from "@/lib/cn";
import { type Address } from "./address";
import { AnomalyList } from "./anomaly-list";
import { FilterBar } from "./filter-bar";
import { useTimeline } from "./queries";
import { gridOf } from "./timeline";
import { TimelineChart } from "./timeline-chart";
import { useAddress } from "./use-address";

export function AnomaliesPage() {
  return <Suspense fallback={<LoadingBlock className="h-96" />}><Anomalies /></Suspense>;
}

function Anomalies() {
  const [address, change] = useAddress();
  return (
    <>
      <PageHeader title="Anomalies" description="What stood out against what was expected, as it happened." />
      <Overview address={address} onChange={change} />
    </>
  );
}

type OverviewProps = { address: Address; onChange: (change: Partial<Address>) => void };

/** When anomalies happened, and which. */
function Overview({ address, onChange }: OverviewProps) {
  const now = useNow(60_000);
  const { status, severity, metric, seconds, span } = address;
  // The grid moves on by whole columns: what is asked for stays the same meanwhile.
  const grid = gridOf({ from: now - seconds * 1000, to: now });
  const timeline = useTimeline({ status, severity, metric }, grid);
  const clear = () => onChange({ status: null, severity: null, metric: "", span: null });
  return (
    <>
      <FilterBar address={address} onChange={onChange} onClear={clear} />
      <div className="grid grid-cols-1 gap-4">
        <Card>
          <CardContent className={cn("pt-2 transition-opacity", timeline.isPlaceholderData && "opacity-60")}>
            {timeline.isError && !timeline.data ? <ErrorPanel error={timeline.error} onRetry={() => void timeline.refetch()} />
              : !timeline.data ? <LoadingBlock className="h-36" />
              : <TimelineChart columns={timeline.data} title="Anomalies over time" span={span} onChoose={(chosen) => onChange({ span: chosen })} />}
          </CardContent>
        </Card>
        <AnomalyList key={grid.width} address={address} from={grid.first} onClear={clear} />
      </div>
    </>
  );
}
