// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import { useChannels, useLogs, useReplay } from "./channels";
import { attemptText, deliveryState, mergeLogs, type Attempt, type Delivery } from "./delivery-log";

const PAGE = 50;
/** More than this the API gives of no channel at once. */
const MOST = 1_000;

/** What was sent to whom and how it went, newest first; `channel` is the only one, or null for all. */
export function DeliveriesList({ channel }: { channel: string | null }) {
  const channels = useChannels();
  const may = useMay("admin");
  const [limit, setLimit] = useState(PAGE);
  const all = channels.data?.data ?? [];
  const chosen = all.some(({ id }) => id === channel) ? channel : null;
  const logs = useLogs(chosen ? [chosen] : all.map(({ id }) => id), limit);
  const replay = useReplay();
  const failed = logs.find(({ isError }) => isError);
  const merged = mergeLogs(logs.flatMap(({ data }) => (data ? [data.data] : [])), limit);
  const more = logs.some(({ data }) => data?.next_cursor) || logs.reduce((sum, { data }) => sum + (data?.data.length ?? 0), 0) > limit;
  const choose = (id: string) => { setLimit(PAGE); history.replaceState(null, "", id ? `?view=deliveries&channel=${id}` : "?view=deliveries"); };
  return (
    <>
      <div className="border-b px-4 py-2">
        <Select small aria-label="Channel" value={chosen ?? ""} onChange={(event) => choose(event.target.value)} className="max-w-full">
          <option value="">All channels</option>
          {all.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </Select>
      </div>
      {replay.isError && <ErrorPanel compact error={replay.error} className="m-3" />}
      {channels.isError ? <ErrorPanel error={channels.error} onRetry={() => void channels.refetch()} />
        : failed ? <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />
        : !channels.data || logs.some(({ isPending }) => isPending) ? <LoadingRows />
        : merged.length === 0 ? <EmptyPanel className="min-h-64" title="Nothing was sent yet" icon={Inbox}>A message goes to a rule’s channels when it fires and when that is over. The log is kept for 30 days.</EmptyPanel>
        : (
          <Table label="Deliveries">
            <thead>
              <tr>
                <TableHead>Status</TableHead><TableHead>Message</TableHead><TableHead>Channel</TableHead><TableHead>Answer</TableHead><TableHead className="text-right">Attempts</TableHead><TableHead>Sent</TableHead>
                {may && <TableHead><span className="sr-only">Actions</span></TableHead>}
              </tr>
            </thead>
            <tbody>
              {merged.map((each) => {
                const to = all.find(({ id }) => id === each.channel_id);
                return <DeliveryRow key={each.id} delivery={each} name={to?.name ?? ""} onReplay={may && to?.enabled ? () => replay.mutate(each.id) : undefined} actions={may} busy={replay.isPending && replay.variables === each.id} />;
              })}
            </tbody>
          </Table>
        )}
      {more && limit < MOST && <div className="border-t px-4 py-2 text-center"><Button variant="ghost" size="sm" onClick={() => setLimit(Math.min(MOST, limit + PAGE))}>Show more</Button></div>}
    </>
  );
}

const VARIANT = { delivered: "success", failed: "destructive", retrying: "warning", pending: "default", cancelled: "default" } as const;

type DeliveryRowProps = { delivery: Delivery; name: string; onReplay?: () => void; actions: boolean; busy: boolean };

function DeliveryRow({ delivery, name, onReplay, actions, busy }: DeliveryRowProps) {
  const { message_type, message_id, attempts, next_attempt_at, created_at } = delivery;
  const [open, setOpen] = useState(false);
  const state = deliveryState(delivery);
  const last = attempts.at(-1);
  return (
    <>
      <TableRow>
        <TableCell className="whitespace-nowrap">
          <Badge variant={VARIANT[state]}>{state}</Badge>
          {state === "retrying" && next_attempt_at && <span className="ml-2 text-2xs text-muted-foreground max-sm:hidden">again <Time value={next_attempt_at} relative /></span>}
        </TableCell>
        <TableCell className="whitespace-nowrap"><span className="font-mono text-xs" title={`webhook-id ${message_id}`}>{message_type}</span></TableCell>
        <TableCell className="max-w-48"><span className="block truncate" title={name}>{name}</span></TableCell>
        <TableCell className="max-w-64 text-muted-foreground"><span className="block truncate" title={attemptText(last)}>{attemptText(last) || "–"}</span></TableCell>
        <TableCell className="text-right tabular-nums">
          {attempts.length === 0 ? 0 : <Button variant="link" size="inline" className="text-[0.8125rem]" aria-expanded={open} aria-label={`${attempts.length} attempts`} onClick={() => setOpen(!open)}>{attempts.length}</Button>}
        </TableCell>
        <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={created_at} relative /></TableCell>
        {actions && <TableCell className="text-right">{onReplay && <Button variant="ghost" size="sm" disabled={busy} onClick={onReplay} aria-label={`Replay ${message_type} to ${name}`}>Replay</Button>}</TableCell>}
      </TableRow>
      {open && <tr><td colSpan={actions ? 7 : 6} className="bg-muted/30 px-4 py-2"><Attempts attempts={attempts} /></td></tr>}
    </>
  );
}

function Attempts({ attempts }: { attempts: Attempt[] }) {
  return (
    <ol className="grid gap-1 text-2xs text-muted-foreground" aria-label="Attempts">
      {[...attempts].reverse().map((attempt) => <li key={attempt.number} className="break-words">{attempt.number}. <Time value={attempt.started_at} /> · {attemptText(attempt)}</li>)}
    </ol>
  );
}
