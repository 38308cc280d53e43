// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Lock, ScrollText } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay, useMe } from "@/features/session/session";
import type { Schema } from "@/lib/api/types";
import { formatCount } from "@/lib/format";
import { useAuditLog, type AuditFilter } from "./audit-log";
import { actionText, actorText } from "./words";

const TARGETS = ["alert_rule", "api_key", "dashboard", "invitation", "model", "notification_channel", "organization", "scaling_target", "series", "session", "user"];

export function AuditLogPage() {
  const me = useMe();
  const may = useMay("admin");
  const [filter, setFilter] = useState<AuditFilter>({ kind: "change", action: "", actor: "", days: 30 });
  const change = (part: Partial<AuditFilter>) => setFilter({ ...filter, ...part });
  return (
    <>
      <PageHeader title="Audit log" description="Who did what, and when. Nobody can change or remove a row." />
      {me.data && !may ? (
        <Card><EmptyPanel title="For admins" icon={Lock}>Admins and owners of your organization read its audit log.</EmptyPanel></Card>
      ) : (
        <>
          <div className="mb-3 flex flex-wrap gap-2">
            <Select small aria-label="Kind" value={filter.kind} onChange={({ target }) => change({ kind: target.value as AuditFilter["kind"], action: "" })}>
              <option value="change">Changes</option><option value="access">Calls</option><option value="">Everything</option>
            </Select>
            <Select small aria-label="Of what" value={filter.action} onChange={({ target }) => change({ action: target.value })} disabled={filter.kind === "access"}>
              <option value="">Of anything</option>
              {TARGETS.map((target) => <option key={target} value={target}>{target.replaceAll("_", " ")}</option>)}
            </Select>
            <Select small aria-label="Time" value={filter.days} onChange={({ target }) => change({ days: Number(target.value) })}>
              <option value={1}>Last day</option><option value={7}>Last 7 days</option><option value={30}>Last 30 days</option><option value={365}>Last year</option>
            </Select>
            {filter.actor && <Button variant="outline" size="sm" onClick={() => change({ actor: "" })}>By one actor · show all</Button>}
          </div>
          <Card><Log filter={filter} may={may} onActor={(actor) => change({ actor })} /></Card>
        </>
      )}
    </>
  );
}

function Log({ filter, may, onActor }: { filter: AuditFilter; may: boolean; onActor: (id: string) => void }) {
  const log = useAuditLog(filter, may);
  if (log.isError && !log.data) return <ErrorPanel error={log.error} onRetry={() => void log.refetch()} />;
  if (!log.data) return <LoadingRows rows={8} />;
  const rows = log.data.pages.flatMap(({ data }) => data);
  const calls = filter.kind !== "change"; // a change has no answer but that it was made
  if (rows.length === 0) return <EmptyPanel title="Nothing here" icon={ScrollText}>Nothing of this kind was done in this time.</EmptyPanel>;
  return (
    <>
      <Table label="Audit log">
        <thead><tr><TableHead>When</TableHead><TableHead>Who</TableHead><TableHead>What</TableHead>{calls && <TableHead>Answer</TableHead>}<TableHead>Request</TableHead></tr></thead>
        <tbody>{rows.map((row) => <LogRow key={row.id} row={row} calls={calls} onActor={onActor} />)}</tbody>
      </Table>
      {log.isError && <ErrorPanel compact className="m-3" error={log.error} onRetry={() => void log.fetchNextPage()} />}
      {log.hasNextPage && !log.isError && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{log.isFetchingNextPage ? "Loading…" : "Show older"}</Button>
        </div>
      )}
    </>
  );
}

function LogRow({ row, calls, onActor }: { row: Schema<"AuditEntry">; calls: boolean; onActor: (id: string) => void }) {
  const who = actorText(row);
  const { id, type } = row.actor;
  return (
    <TableRow>
      <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={row.time} /></TableCell>
      <TableCell className="max-w-48">
        {id === null ? who : <Button variant="link" size="inline" className="block max-w-full truncate text-[0.8125rem] no-underline hover:underline" title={`Only what ${who} did`} onClick={() => onActor(id)}>{who}</Button>}
        {type === "api_key" && <span className="block text-2xs text-muted-foreground">API key</span>}
      </TableCell>
      <TableCell title={row.target_id ?? undefined}>
        <span className="first-letter:uppercase inline-block">{actionText(row)}</span>
        {row.count > 1 && <span className="ml-1.5 text-2xs text-muted-foreground">{formatCount(row.count)} times</span>}
      </TableCell>
      {calls && <TableCell>{row.status !== null && <Badge className={row.status >= 400 ? "text-destructive" : undefined}>{row.status}</Badge>}</TableCell>}
      <TableCell className="max-w-72 truncate font-mono text-2xs text-muted-foreground" title={row.request_id ?? undefined}>{row.request_id}</TableCell>
    </TableRow>
  );
}
