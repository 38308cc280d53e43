// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ArrowLeft, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useKeys } from "@/components/shell/use-keys";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Time, useNow } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableHead } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import { ApiError } from "@/lib/api/error";
import type { Schema } from "@/lib/api/types";
import { formatCount } from "@/lib/format";
import { toMs } from "@/lib/time";
import { hrefOf, type Address } from "./address";
import { IncidentRow } from "./incident-row";
import { windowAround } from "./judged-rows";
import { useIncident } from "./queries";
import { actions, KeyHint, StatusActions, StatusBadge } from "./status-actions";
import { useChangeIncident } from "./use-status-change";
import { useRowKeys } from "./use-row-keys";
import { durationText, incidentStatuses, nextStatuses } from "./words";

/** Each row draws its series: as many at first as a screen has. */
const SHOWN = 12;
const HOUR = 3_600_000;

/** What began together, the most telling series first, and one decision for all of it. */
export function IncidentDetail({ id, address }: { id: string; address: Address }) {
  const router = useRouter();
  const found = useIncident(id);
  const back = hrefOf({ ...address, view: "incidents", incident: null, id: null });
  useKeys({ Escape: () => router.push(back) });
  return (
    <>
      <Link prefetch={false} href={back} className="mb-2 inline-flex min-h-8 items-center gap-1.5 text-2xs text-muted-foreground hover:text-foreground"><ArrowLeft className="size-3.5" aria-hidden /> Incidents</Link>
      {found.isError && !found.data ? (
        <Card>
          {found.error instanceof ApiError && found.error.status === 404
            ? <EmptyPanel title="No such incident" icon={SearchX} action={<Button asChild variant="outline" size="sm"><Link prefetch={false} href="/anomalies?view=incidents">All incidents</Link></Button>}>Your organization has none with this address.</EmptyPanel>
            : <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />}
        </Card>
      ) : !found.data ? <Card><CardContent><LoadingBlock className="h-96" /></CardContent></Card>
        : <Found incident={found.data} address={address} />}
    </>
  );
}

function Found({ incident, address }: { incident: Schema<"RankedIncident">; address: Address }) {
  const { id, title, severity, status, started_at, ended_at, anomalies, series_count, series, alert_rule_id } = incident;
  const [more, setMore] = useState(SHOWN);
  const may = useMay("member");
  const now = useNow(60_000);
  const change = useChangeIncident();
  const decide = (next: Schema<"IncidentStatus">) => may && nextStatuses(status).includes(next) && change.mutate({ id, status: next });
  const { current, setCurrent } = useRowKeys(series.slice(0, more).flatMap((each) => each.id ?? []));
  useKeys(Object.fromEntries(incidentStatuses.map((next) => [actions[next].key, () => void decide(next)])));
  const window = windowAround({ from: toMs(started_at), to: ended_at === null ? now : toMs(ended_at) }, 3 * HOUR, now);
  return (
    <>
      <div className="mb-5 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-lg font-semibold tracking-tight break-words">{title} <StatusBadge status={status} /></h1>
          <p className="mt-1 flex flex-wrap items-center gap-x-3 text-[0.8125rem] text-muted-foreground">
            <SeverityLabel severity={severity} className="text-foreground" />
            <span>began <Time value={started_at} relative /></span>
            <span>{ended_at === null ? durationText(incident, now) : `lasted ${durationText(incident, now)}`}</span>
            <span>{formatCount(series_count)} series{alert_rule_id ? " that its alert rule fired for" : `, ${formatCount(anomalies)} anomalies`}</span>
          </p>
        </div>
        {may && <StatusActions status={status} name={title} among={incidentStatuses} onChange={(next) => next !== "false_positive" && decide(next)} />}
      </div>
      <div className="grid grid-cols-1 gap-4">
        {change.isError && <ErrorPanel compact error={change.error} onRetry={() => change.mutate(change.variables)} />}
        <Card>
          <CardHeader>
            <CardTitle>Series, the most telling first</CardTitle>
            <p className="text-2xs text-muted-foreground"><Time value={window.from} /> to <Time value={window.to} /></p>
          </CardHeader>
          <Table label="Series of the incident">
            <thead>
              <tr>
                <TableHead className="w-10 text-right max-md:pr-0">#</TableHead><TableHead>Series</TableHead><TableHead className="max-md:pl-0">Around the incident</TableHead><TableHead className="text-right max-md:hidden">Seen</TableHead><TableHead className="text-right max-md:hidden">Expected</TableHead>
                <TableHead className="text-right max-lg:hidden">{alert_rule_id ? "Beyond" : "Score"}</TableHead><TableHead className="max-lg:hidden">After</TableHead><TableHead className="max-md:hidden">Status</TableHead>
              </tr>
            </thead>
            <tbody>
              {series.slice(0, more).map((each) => (
                <IncidentRow key={each.id ?? each.rank} row={each} began={toMs(started_at)} window={window} now={now} address={address} current={each.id !== null && each.id === current} onCurrent={() => each.id !== null && setCurrent(each.id)} />
              ))}
            </tbody>
          </Table>
          {series.length > more && <div className="border-t p-2 text-center"><Button variant="ghost" size="sm" onClick={() => setMore(more + SHOWN)}>Show {Math.min(SHOWN, series.length - more)} more of {formatCount(series.length)}</Button></div>}
        </Card>
        {may && <p className="text-2xs text-muted-foreground">What you decide on the incident holds for each of its anomalies that nobody has decided on. Open one to mark it as a false positive.</p>}
        <KeyHint keys={[[["j", "k"], "move"], [["↵"], "open"], [["Esc"], "back"], ...(may ? ([[["a"], "acknowledge"], [["r"], "resolve"], [["o"], "reopen the incident"]] as [string[], string][]) : [])]} />
      </div>
    </>
  );
}
