// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { LineChart } from "lucide-react";
import Link from "next/link";
import { Suspense } from "react";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Card, CardContent } from "@/components/ui/card";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { useMetrics } from "@/lib/queries/metrics";
import { CardinalityPanel } from "./cardinality-panel";
import { ExplorerChart } from "./explorer-chart";
import { QueryBar } from "./query-bar";
import { RejectionsPanel } from "./rejections-panel";
import { useExplorerState } from "./use-explorer-state";

/** How many metrics to offer to who has chosen none. */
const OFFERED = 12;

export function ExplorerPage() {
  return (
    <>
      <PageHeader title="Explorer" description="Any metric, by its labels, with what is forecast of it. The address holds what you see." />
      <Suspense fallback={<LoadingBlock className="h-96" />}><Explorer /></Suspense>
    </>
  );
}

function Explorer() {
  const [state, change] = useExplorerState();
  return (
    <div className="grid grid-cols-1 gap-4">
      <Card>
        <QueryBar state={state} onChange={change} />
        <CardContent className="border-t">
          {!("seconds" in state.range) && (
            <p className="mb-2 flex flex-wrap items-center gap-x-2 text-2xs text-muted-foreground">
              <Time value={state.range.from} /> to <Time value={state.range.to} />
              <Button variant="link" size="inline" className="text-2xs" onClick={() => change({ range: { seconds: 21_600 } })}>Back to the last 6 h</Button>
            </p>
          )}
          {state.metric ? <ExplorerChart key={state.metric} state={state} onChange={change} /> : <ChooseMetric onChoose={(metric) => change({ metric })} />}
        </CardContent>
      </Card>
      <Card>
        <Tabs defaultValue="labels">
          <div className="border-b px-3 py-1.5">
            <TabsList>
              <TabsTrigger value="labels">Cardinality</TabsTrigger>
              <TabsTrigger value="rejected">Rejected samples</TabsTrigger>
            </TabsList>
          </div>
          <TabsContent value="labels" className="mt-0">
            <CardinalityPanel metric={state.metric} onFilter={(filter) => change({ filters: [...state.filters.filter(({ label }) => label !== filter.label), filter] })} />
          </TabsContent>
          <TabsContent value="rejected" className="mt-0"><RejectionsPanel /></TabsContent>
        </Tabs>
      </Card>
    </div>
  );
}

function ChooseMetric({ onChoose }: { onChoose: (metric: string) => void }) {
  const metrics = useMetrics();
  if (metrics.isError) return <ErrorPanel className="min-h-96" error={metrics.error} onRetry={() => void metrics.refetch()} />;
  if (!metrics.data) return <LoadingBlock className="h-96" />;
  if (metrics.data.length === 0) {
    return (
      <EmptyPanel className="min-h-96" title="No samples have arrived yet" icon={LineChart} action={<Button asChild size="sm"><Link href="/onboarding">Send the first sample</Link></Button>}>
        What you send can be explored here within seconds.
      </EmptyPanel>
    );
  }
  return (
    <EmptyPanel
      className="min-h-96"
      title="Which metric?"
      icon={LineChart}
      action={<div className="flex max-w-xl flex-wrap justify-center gap-1.5">{metrics.data.slice(0, OFFERED).map((name) => <Button key={name} variant="outline" size="sm" className="max-w-full font-mono text-xs" onClick={() => onChoose(name)}><span className="truncate">{name}</span></Button>)}</div>}
    >
      Type a part of its name above, or take one of these.
    </EmptyPanel>
  );
}
