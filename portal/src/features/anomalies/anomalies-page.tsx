// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Lock } from "lucide-react";
import Link from "next/link";
import { Suspense } from "react";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Card, CardContent } from "@/components/ui/card";
import { useMay, useMe } from "@/features/session/session";
import { cn } from "@/lib/cn";
import { hrefOf, type Address, type View } from "./address";
import { AnomalyDetail } from "./anomaly-detail";
import { AnomalyList } from "./anomaly-list";
import { BudgetPanel } from "./budget-panel";
import { FilterBar } from "./filter-bar";
import { IncidentDetail } from "./incident-detail";
import { IncidentList } from "./incident-list";
import { useTimeline } from "./queries";
import { gridOf } from "./timeline";
import { TimelineChart } from "./timeline-chart";
import { useAddress } from "./use-address";

const VIEWS: { view: View; title: string; description: string }[] = [
  { view: "anomalies", title: "Anomalies", description: "What stood out against what was expected, as it happened." },
  { view: "incidents", title: "Incidents", description: "Series that stood out together, and alert rules that fired." },
  { view: "budget", title: "Alert budget", description: "How much is reported, and what that would have meant." },
];

export function AnomaliesPage() {
  return <Suspense fallback={<LoadingBlock className="h-96" />}><Anomalies /></Suspense>;
}

function Anomalies() {
  const [address, change] = useAddress();
  if (address.id) return <AnomalyDetail id={address.id} address={address} />;
  if (address.incident) return <IncidentDetail id={address.incident} address={address} />;
  return (
    <>
      <PageHeader title="Anomalies" description={VIEWS.find(({ view }) => view === address.view)?.description} actions={<Views address={address} />} />
      {address.view === "budget" ? <Budget /> : <Overview address={address} onChange={change} />}
    </>
  );
}

/** Links that look like tabs: each has an address of its own. */
function Views({ address }: { address: Address }) {
  const may = useMay("admin");
  return (
    <nav aria-label="Views" className="inline-flex h-9 items-center gap-0.5 rounded-lg bg-muted p-1">
      {VIEWS.filter(({ view }) => view !== "budget" || may).map(({ view, title }) => (
        <Link
          key={view}
          href={hrefOf({ ...address, view })}
          prefetch={false}
          aria-current={view === address.view ? "page" : undefined}
          className={cn("inline-flex h-7 items-center rounded-md px-3 text-[0.8125rem] font-medium whitespace-nowrap transition-colors", view === address.view ? "bg-card text-foreground shadow-xs" : "text-muted-foreground hover:text-foreground")}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}

function Budget() {
  const me = useMe();
  const may = useMay("admin");
  if (!me.data) return <LoadingBlock />;
  return may ? <BudgetPanel /> : <Card><EmptyPanel title="For admins" icon={Lock}>Admins and owners of your organization settle how much is reported.</EmptyPanel></Card>;
}

type OverviewProps = { address: Address; onChange: (change: Partial<Address>) => void };

/** When anomalies happened, and which; or incidents. */
function Overview({ address, onChange }: OverviewProps) {
  const now = useNow(60_000);
  // The grid moves on by whole columns: what is asked for stays the same meanwhile.
  const grid = gridOf({ from: now - address.seconds * 1000, to: now });
  const clear = () => onChange({ status: null, severity: null, metric: "", span: null });
  return (
    <>
      <FilterBar address={address} onChange={onChange} onClear={clear} />
      {address.view === "incidents" ? <IncidentList address={address} from={grid.first} onClear={clear} /> : (
        <div className="grid grid-cols-1 gap-4">
          <Timeline address={address} grid={grid} onChange={onChange} />
          <AnomalyList address={address} from={grid.first} onClear={clear} />
        </div>
      )}
    </>
  );
}

function Timeline({ address: { status, severity, metric, span }, grid, onChange }: OverviewProps & { grid: ReturnType<typeof gridOf> }) {
  const timeline = useTimeline({ status, severity, metric }, grid);
  return (
    <Card>
      <CardContent className={cn("pt-2 transition-opacity", timeline.isPlaceholderData && "opacity-60")}>
        {timeline.isError && !timeline.data ? <ErrorPanel error={timeline.error} onRetry={() => void timeline.refetch()} />
          : !timeline.data ? <LoadingBlock className="h-36" />
          : <TimelineChart columns={timeline.data} title="Anomalies over time" span={span} onChoose={(chosen) => onChange({ span: chosen })} />}
      </CardContent>
    </Card>
  );
}
