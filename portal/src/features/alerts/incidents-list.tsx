// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChevronRight, CircleCheck } from "lucide-react";
import { useState } from "react";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time, useNow } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { cn } from "@/lib/cn";
import { formatCount, formatDuration } from "@/lib/format";
import { toMs } from "@/lib/time";
import { IncidentSeries } from "./incident-series";
import { useIncident, useIncidents, type Incident, type IncidentStatus } from "./incidents";

const FILTERS: { status: IncidentStatus | ""; title: string }[] = [
  { status: "", title: "Open and past" }, { status: "open", title: "Open" }, { status: "acknowledged", title: "Acknowledged" }, { status: "resolved", title: "Resolved" },
];
const STATUS = { open: "destructive", acknowledged: "warning", resolved: "default" } as const;

/** Incidents of rules and of anomalies, newest first; `opened` is shown with its series, also where it is not among them. */
export function IncidentsList({ opened }: { opened: string | null }) {
  const [status, setStatus] = useState<IncidentStatus | null>(null);
  const incidents = useIncidents(status);
  const all = incidents.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <div className="border-b px-4 py-2">
        <Select small aria-label="Which incidents" value={status ?? ""} onChange={(event) => setStatus((event.target.value || null) as IncidentStatus | null)}>
          {FILTERS.map(({ status: each, title }) => <option key={each} value={each}>{title}</option>)}
        </Select>
      </div>
      {incidents.isError ? <ErrorPanel error={incidents.error} onRetry={() => void incidents.refetch()} />
        : !incidents.data ? <LoadingRows />
        : (
          <>
            {opened !== null && !all.some(({ id }) => id === opened) && <Elsewhere key={opened} id={opened} />}
            {all.length === 0 ? <EmptyPanel className="min-h-64" title={status ? "None of these" : "Nothing happened so far"} icon={CircleCheck}>What rules and detection raise appears here, and stays.</EmptyPanel> : (
              <ul className="divide-y" aria-label="Incidents">{all.map((incident) => <IncidentRow key={incident.id} incident={incident} open={incident.id === opened} />)}</ul>
            )}
            {incidents.hasNextPage && (
              <div className="border-t px-4 py-2 text-center"><Button variant="ghost" size="sm" disabled={incidents.isFetchingNextPage} onClick={() => void incidents.fetchNextPage()}>Show more</Button></div>
            )}
          </>
        )}
    </>
  );
}

/** An incident that an address names, beyond what is listed. */
function Elsewhere({ id }: { id: string }) {
  const incident = useIncident(id);
  if (incident.isError) return <ErrorPanel compact className="m-3" error={incident.error} onRetry={() => void incident.refetch()} />;
  if (!incident.data) return <LoadingRows rows={1} />;
  return <ul className="border-b" aria-label="The incident of the address"><IncidentRow incident={incident.data} open /></ul>;
}

function IncidentRow({ incident, open }: { incident: Incident; open: boolean }) {
  const { id, title, severity, status, started_at, ended_at, resolved_at, alert_rule_id, series_count } = incident;
  const show = (next: boolean) => history.replaceState(null, "", next ? `?view=incidents&incident=${id}` : "?view=incidents");
  const over = ended_at ?? resolved_at;
  const now = useNow(over === null ? 10_000 : null);
  const lasted = Math.max(0, ((over === null ? now : toMs(over)) - toMs(started_at)) / 1000);
  return (
    <li>
      <button type="button" aria-expanded={open} onClick={() => show(!open)} className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-2.5 text-left text-[0.8125rem] transition-colors hover:bg-muted/50">
        <ChevronRight className={cn("size-4 text-muted-foreground transition-transform", open && "rotate-90")} aria-hidden />
        <span className="min-w-0">
          <span className="block truncate font-medium" title={title}>{title}</span>
          <span className="flex flex-wrap items-center gap-x-2 text-2xs text-muted-foreground">
            <SeverityLabel severity={severity} />
            <span>{alert_rule_id ? "rule" : "anomalies"}</span>
            <span>{formatCount(series_count)} series</span>
            <span>{over === null ? "for" : "lasted"} {lasted < 1 ? "under 1 s" : formatDuration(lasted)}</span>
          </span>
        </span>
        <span className="flex flex-col items-end gap-1">
          <Badge variant={STATUS[status]}>{status}</Badge>
          <Time value={started_at} relative className="text-2xs whitespace-nowrap text-muted-foreground" />
        </span>
      </button>
      {open && <IncidentSeries incident={incident} />}
    </li>
  );
}
