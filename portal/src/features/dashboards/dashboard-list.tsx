// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { LayoutDashboard, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { useMay, useMe } from "@/features/session/session";
import { useDashboards, type Dashboard } from "./dashboards";
import { grouped } from "./draft";
import { NewDashboardDialog } from "./new-dashboard-dialog";

export function DashboardList() {
  const may = useMay("member");
  const me = useMe().data?.user?.id;
  const found = useDashboards();
  const [making, setMaking] = useState(false);
  const add = <Button size="sm" onClick={() => setMaking(true)}><Plus /> New dashboard</Button>;
  return (
    <>
      <PageHeader title="Dashboards" description="Charts that you compose, for yourself or for everyone of the organization." actions={may && add} />
      {found.isError ? <Card><ErrorPanel error={found.error} onRetry={() => void found.refetch()} /></Card>
        : !found.data ? <Card><LoadingRows /></Card>
        : found.data.data.length === 0 ? (
          <Card>
            <EmptyPanel title="No dashboards yet" icon={LayoutDashboard} action={may && add}>
              {may ? "A dashboard puts the charts you look at most on one page, with what is forecast of them." : "What members share appears here."}
            </EmptyPanel>
          </Card>
        ) : (
          <div className="grid grid-cols-1 gap-4">
            {grouped(found.data.data, me).map(({ title, dashboards }) => (
              <Card key={title}>
                <CardHeader><CardTitle>{title}</CardTitle></CardHeader>
                <ul className="divide-y">{dashboards.map((dashboard) => <Row key={dashboard.id} dashboard={dashboard} />)}</ul>
              </Card>
            ))}
          </div>
        )}
      {making && <NewDashboardDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function Row({ dashboard: { id, name, charts, shared, updated_at } }: { dashboard: Dashboard }) {
  const metrics = [...new Set(charts.map(({ metric }) => metric))];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2.5 text-[0.8125rem] transition-colors hover:bg-muted/50">
      <Link href={`/dashboards?id=${id}`} className="max-w-full min-w-0 truncate font-medium underline-offset-4 hover:underline" title={name}>{name}</Link>
      {!shared && <Badge>not shared</Badge>}
      <span className="min-w-0 flex-1 truncate text-2xs text-muted-foreground" title={metrics.join(", ")}>{charts.length === 0 ? "no charts yet" : `${charts.length} ${charts.length === 1 ? "chart" : "charts"} of ${metrics.join(", ")}`}</span>
      <span className="text-2xs whitespace-nowrap text-muted-foreground">changed <Time value={updated_at} relative /></span>
    </li>
  );
}
