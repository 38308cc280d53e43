// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Rocket } from "lucide-react";
import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { useLiveAnomalies } from "@/lib/queries/anomalies";
import { useMetrics } from "@/lib/queries/metrics";
import { AnomalyTimeline } from "./anomaly-timeline";
import { AttentionList } from "./attention-list";
import { ForecastPanel } from "./forecast-panel";
import { leadingMetrics } from "./leading-metrics";
import { OverviewCards } from "./overview-cards";

export function DashboardPage() {
  const metrics = useMetrics(30_000);
  useLiveAnomalies();
  const nothingYet = metrics.data?.length === 0;
  const leading = leadingMetrics(metrics.data ?? [], 2);
  return (
    <>
      <PageHeader title="Dashboard" description="What is happening, and what will." />
      {nothingYet ? (
        <Card>
          <EmptyPanel
            title="No samples have arrived yet"
            icon={Rocket}
            action={<Button asChild size="sm"><Link href="/onboarding">Send the first sample</Link></Button>}
          >
            It takes a key and one command. A forecast follows the third sample.
          </EmptyPanel>
        </Card>
      ) : (
        <div className="grid grid-cols-1 gap-4">
          <OverviewCards />
          <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
            {leading.length === 0 ? <ForecastPanel metrics={undefined} /> : leading.map((metric) => (
              <ForecastPanel key={metric} metrics={metrics.data} initial={metric} />
            ))}
          </div>
          <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
            <AnomalyTimeline />
            <AttentionList />
          </div>
        </div>
      )}
    </>
  );
}
