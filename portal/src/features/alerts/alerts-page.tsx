// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { Suspense, useState } from "react";
import { PageHeader } from "@/components/page-header";
import { LoadingBlock } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { useMay } from "@/features/session/session";
import { ChannelDialog } from "./channel-dialog";
import { ChannelsList } from "./channels-list";
import { DeliveriesList } from "./deliveries-list";
import { IncidentsList } from "./incidents-list";
import { RulePage } from "./rule-page";
import { RulesList } from "./rules-list";

const VIEWS = [
  { view: "rules", title: "Rules" },
  { view: "incidents", title: "Incidents" },
  { view: "channels", title: "Channels" },
  { view: "deliveries", title: "Deliveries" },
] as const;

/** Rules, incidents, channels and deliveries: one address, told apart by its query. `rule` opens one to edit. */
export function AlertsPage() {
  return <Suspense fallback={<LoadingBlock className="h-96" />}><Alerts /></Suspense>;
}

function Alerts() {
  const query = useSearchParams();
  const rule = query.get("rule");
  if (rule) return <RulePage key={rule} id={rule === "new" ? null : rule} metric={query.get("metric") ?? ""} />;
  return <Overview view={viewOf(query)} channel={query.get("channel")} incident={query.get("incident")} />;
}

type View = (typeof VIEWS)[number]["view"];

function viewOf(query: URLSearchParams): View {
  return VIEWS.find(({ view }) => view === query.get("view"))?.view ?? "rules";
}

/** A step that the back button undoes; a click, which Radix tells of twice, is one. */
function turnTo(view: string) {
  if (viewOf(new URLSearchParams(location.search)) !== view) history.pushState(null, "", `?view=${view}`);
}

function Overview({ view, channel, incident }: { view: View; channel: string | null; incident: string | null }) {
  const may = useMay("admin");
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        title="Alerts"
        description="What must not happen unnoticed, what did, and who was told."
        actions={may && (view === "channels"
          ? <Button size="sm" onClick={() => setAdding(true)}><Plus /> New channel</Button>
          : view === "rules" && <Button asChild size="sm"><Link href="/alerts?rule=new"><Plus /> New rule</Link></Button>)}
      />
      <Tabs value={view} onValueChange={turnTo}>
        <TabsList aria-label="Parts of alerts" className="max-w-full justify-start overflow-x-auto">
          {VIEWS.map(({ view: each, title }) => <TabsTrigger key={each} value={each}>{title}</TabsTrigger>)}
        </TabsList>
        <TabsContent value="rules"><Card><RulesList /></Card></TabsContent>
        <TabsContent value="incidents"><Card><IncidentsList opened={incident} /></Card></TabsContent>
        <TabsContent value="channels"><Card><ChannelsList onAdd={may ? () => setAdding(true) : undefined} /></Card></TabsContent>
        <TabsContent value="deliveries"><Card><DeliveriesList channel={channel} /></Card></TabsContent>
      </Tabs>
      {adding && <ChannelDialog onClose={() => setAdding(false)} />}
    </>
  );
}
