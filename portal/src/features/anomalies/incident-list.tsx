// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Layers, SearchX } from "lucide-react";
import Link from "next/link";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time, useNow } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import { cn } from "@/lib/cn";
import { formatCount } from "@/lib/format";
import { hrefOf, isNarrow, type Address } from "./address";
import { useIncidentList } from "./queries";
import { actions, KeyHint, RowActions, StatusBadge } from "./status-actions";
import { useRowKeys } from "./use-row-keys";
import { useChangeIncident } from "./use-status-change";
import { durationText, incidentStatuses, nextStatuses } from "./words";

/** Incidents that began since `from`, newest first. */
export function IncidentList({ address, from, onClear }: { address: Address; from: number; onClear: () => void }) {
  const { status, severity } = address;
  const { found, rows } = useIncidentList({ status: status === "false_positive" ? null : status, severity }, from);
  const may = useMay("member");
  const now = useNow(30_000);
  const change = useChangeIncident();
  const decide = (id: string, next: (typeof incidentStatuses)[number]) => {
    const row = rows.find((each) => each.id === id);
    if (may && row && nextStatuses(row.status).includes(next)) change.mutate({ id, status: next });
  };
  const { current, setCurrent } = useRowKeys(rows.map(({ id }) => id), Object.fromEntries(incidentStatuses.map((next) => [actions[next].key, (id: string) => decide(id, next)])));
  return (
    <Card>
      {change.isError && <ErrorPanel compact className="m-3" error={change.error} onRetry={() => change.mutate(change.variables)} />}
      {found.isError && !found.data ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />
        : !found.data ? <LoadingRows rows={6} />
        : rows.length === 0 ? (
          isNarrow({ ...address, metric: "", span: null })
            ? <EmptyPanel title="None that fits" icon={SearchX} action={<Button variant="outline" size="sm" onClick={onClear}>Clear the filters</Button>}>No incident of this time has what the filters ask for.</EmptyPanel>
            : <EmptyPanel title="No incidents" icon={Layers}>Where several series stand out within five minutes, or an alert rule fires, they are one incident.</EmptyPanel>
        ) : (
          <div className={cn("transition-opacity", found.isPlaceholderData && "opacity-60")}>
            <Table label="Incidents">
              <thead>
                <tr>
                  <TableHead>Severity</TableHead><TableHead>Incident</TableHead><TableHead className="text-right max-md:hidden">Series</TableHead><TableHead className="max-md:hidden">Began</TableHead>
                  <TableHead className="max-lg:hidden">Lasted</TableHead><TableHead className="max-md:hidden">Status</TableHead>{may && <TableHead className="max-md:hidden"><span className="sr-only">Actions</span></TableHead>}
                </tr>
              </thead>
              <tbody>
                {rows.map((incident) => {
                  const { id, title, severity: worst, series_count, started_at, ended_at, status: own, alert_rule_id } = incident;
                  return (
                    <TableRow key={id} className={cn(id === current && "bg-accent hover:bg-accent")} aria-current={id === current || undefined} onFocus={() => setCurrent(id)}>
                      <TableCell className={cn("w-24 max-md:w-20 max-md:pr-0", id === current && "shadow-[inset_2px_0_0_var(--ring)]")}><SeverityLabel severity={worst} /></TableCell>
                      <TableCell className="w-full max-w-0 min-w-40 max-md:py-2.5">
                        <span className="flex items-center gap-2">
                          <Link prefetch={false} href={hrefOf({ ...address, incident: id })} data-row={id} className="truncate rounded-sm font-medium underline-offset-4 outline-offset-2 hover:underline" title={title}>{title}</Link>
                          {alert_rule_id && <Badge>alert rule</Badge>}
                        </span>
                        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-muted-foreground md:hidden">
                          <span>{formatCount(series_count)} series</span> <Time value={started_at} relative /> <StatusBadge status={own} />
                        </p>
                      </TableCell>
                      <TableCell className="text-right tabular-nums max-md:hidden">{formatCount(series_count)}</TableCell>
                      <TableCell className="whitespace-nowrap max-md:hidden"><Time value={started_at} relative /></TableCell>
                      <TableCell className="whitespace-nowrap text-muted-foreground max-lg:hidden">{durationText({ started_at, ended_at }, now)}</TableCell>
                      <TableCell className="max-md:hidden"><StatusBadge status={own} /></TableCell>
                      {may && <TableCell className="w-28 max-md:hidden"><RowActions status={own} name={title} among={incidentStatuses} onChange={(next) => next !== "false_positive" && decide(id, next)} /></TableCell>}
                    </TableRow>
                  );
                })}
              </tbody>
            </Table>
          </div>
        )}
      {found.isError && found.data && <ErrorPanel compact className="m-3" error={found.error} onRetry={() => void (found.isFetchNextPageError ? found.fetchNextPage() : found.refetch())} />}
      {found.hasNextPage && !found.isError && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{found.isFetchingNextPage ? "Loading…" : "Show older"}</Button>
        </div>
      )}
      {rows.length > 0 && <div className="border-t px-4 py-2 max-md:hidden"><KeyHint keys={[[["j", "k"], "move"], [["↵"], "open"], ...(may ? ([[["a"], "acknowledge"], [["r"], "resolve"], [["o"], "reopen"]] as [string[], string][]) : [])]} /></div>}
    </Card>
  );
}
