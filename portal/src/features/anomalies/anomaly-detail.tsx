// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ArrowLeft, ChevronDown, ChevronUp, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { useKeys } from "@/components/shell/use-keys";
import { useNow } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { useMay } from "@/features/session/session";
import { ApiError } from "@/lib/api/error";
import type { Schema } from "@/lib/api/types";
import { seriesName } from "@/lib/series";
import { hrefOf, statuses, type Address, type Status } from "./address";
import { AnomalyFacts, WhatItIs } from "./anomaly-facts";
import { AnomalyChart } from "./anomaly-chart";
import { ChangeNote } from "./change-note";
import { useAnomaly, useAnomalyList } from "./queries";
import { actionKeys, actions, KeyHint, StatusActions, StatusBadge } from "./status-actions";
import { gridOf } from "./timeline";
import { useChangeAnomaly } from "./use-status-change";
import { nextStatuses } from "./words";

/** One anomaly. The address keeps the list it was found in, so that keys lead to its neighbours. */
export function AnomalyDetail({ id, address }: { id: string; address: Address }) {
  const router = useRouter();
  const found = useAnomaly(id);
  const now = useNow(60_000);
  const { status, severity, metric, seconds, span } = address;
  const { rows } = useAnomalyList({ status, severity, metric }, span ?? { from: gridOf({ from: now - seconds * 1000, to: now }).first, to: null });
  const at = rows.findIndex((row) => row.id === id);
  const go = (row: Schema<"Anomaly"> | undefined) => row && router.push(hrefOf({ ...address, id: row.id }));
  const [before, after] = at < 0 ? [undefined, undefined] : [rows[at - 1], rows[at + 1]];
  const back = hrefOf({ ...address, id: null });
  useKeys({ Escape: () => router.push(back), j: () => go(after), k: () => go(before) });
  return (
    <>
      <div className="mb-2 flex min-h-8 items-center gap-2">
        <Link prefetch={false} href={back} className="inline-flex items-center gap-1.5 text-2xs text-muted-foreground hover:text-foreground"><ArrowLeft className="size-3.5" aria-hidden /> Anomalies</Link>
        {at >= 0 && (
          <span className="ml-auto flex items-center gap-1 text-2xs text-muted-foreground tabular-nums">
            {at + 1} of {rows.length}
            <Button variant="ghost" size="icon" disabled={!before} aria-label="Newer anomaly" title="Newer (k)" onClick={() => go(before)}><ChevronUp /></Button>
            <Button variant="ghost" size="icon" disabled={!after} aria-label="Older anomaly" title="Older (j)" onClick={() => go(after)}><ChevronDown /></Button>
          </span>
        )}
      </div>
      {found.isError && !found.data ? (
        <Card>
          {found.error instanceof ApiError && found.error.status === 404
            ? <EmptyPanel title="No such anomaly" icon={SearchX} action={<Button asChild variant="outline" size="sm"><Link prefetch={false} href="/anomalies">All anomalies</Link></Button>}>Your organization has none with this address.</EmptyPanel>
            : <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />}
        </Card>
      ) : !found.data ? <Card><CardContent><LoadingBlock className="h-96" /></CardContent></Card>
        : <Found key={id} anomaly={found.data} address={address} />}
    </>
  );
}

function Found({ anomaly, address }: { anomaly: Schema<"Anomaly">; address: Address }) {
  const { id, metric, labels, status } = anomaly;
  const may = useMay("member");
  const change = useChangeAnomaly();
  const decide = (next: Status) => {
    if (may && nextStatuses(status).includes(next)) change.mutate({ id, name: seriesName(metric, labels), before: status, status: next });
  };
  useKeys(Object.fromEntries(statuses.map((next) => [actions[next].key, () => decide(next)])));
  return (
    <>
      <div className="mb-5 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-lg font-semibold tracking-tight break-all">{metric} <StatusBadge status={status} /></h1>
          <p className="mt-0.5 font-mono text-xs break-all text-muted-foreground">{seriesName("", labels) || "no labels"}</p>
        </div>
        {may && <StatusActions status={status} name={seriesName(metric, labels)} onChange={decide} />}
      </div>
      <div className="grid grid-cols-1 gap-4">
        <AnomalyFacts anomaly={anomaly} />
        <Card><CardContent><AnomalyChart anomaly={anomaly} /></CardContent></Card>
        <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
          <WhatItIs anomaly={anomaly} address={address} />
          {may && (
            <Card>
              <CardHeader><CardTitle>What you can do</CardTitle></CardHeader>
              <CardContent>
                <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-[0.8125rem]">
                  {nextStatuses(status).map((next) => (
                    <div key={next} className="contents"><dt className="font-medium whitespace-nowrap">{actions[next].title}</dt><dd className="text-muted-foreground">{actions[next].meaning}</dd></div>
                  ))}
                </dl>
              </CardContent>
            </Card>
          )}
        </div>
        <KeyHint keys={[[["j", "k"], "older, newer"], [["Esc"], "back"], ...(may ? actionKeys : [])]} />
      </div>
      <ChangeNote change={change} />
    </>
  );
}
