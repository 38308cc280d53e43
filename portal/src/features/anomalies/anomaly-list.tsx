// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Activity, SearchX } from "lucide-react";
import Link from "next/link";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { useNow } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Table, TableHead } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import { cn } from "@/lib/cn";
import { hrefOf, isNarrow, statuses, type Address, type Status } from "./address";
import { AnomalyRow } from "./anomaly-row";
import { ChangeNote } from "./change-note";
import { useAnomalyList } from "./queries";
import { actionKeys, actions, KeyHint } from "./status-actions";
import { useChangeAnomaly } from "./use-status-change";
import { useRowKeys } from "./use-row-keys";
import { nextStatuses } from "./words";
import { seriesName } from "@/lib/series";

/** Anomalies that began since `from` and fit the address, newest first. */
export function AnomalyList({ address, from, onClear }: { address: Address; from: number; onClear: () => void }) {
  const { status, severity, metric, span } = address;
  const { found, rows } = useAnomalyList({ status, severity, metric }, span ?? { from, to: null });
  const may = useMay("member");
  const now = useNow(30_000);
  const change = useChangeAnomaly();
  const decide = (id: string, next: Status) => {
    const row = rows.find((each) => each.id === id);
    if (may && row && nextStatuses(row.status).includes(next)) change.mutate({ id, name: seriesName(row.metric, row.labels), before: row.status, status: next });
  };
  const { current, setCurrent } = useRowKeys(rows.map(({ id }) => id), Object.fromEntries(statuses.map((next) => [actions[next].key, (id: string) => decide(id, next)])));
  return (
    <Card>
      {found.isError && !found.data ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />
        : !found.data ? <LoadingRows rows={6} />
        : rows.length === 0 ? (
          isNarrow(address)
            ? <EmptyPanel title="None that fits" icon={SearchX} action={<Button variant="outline" size="sm" onClick={onClear}>Clear the filters</Button>}>Nothing in this time has what the filters ask for.</EmptyPanel>
            : <EmptyPanel title="Nothing out of the ordinary" icon={Activity} action={<Button asChild variant="outline" size="sm"><Link prefetch={false} href="/explorer">Explore your metrics</Link></Button>}>Every sample is scored as it arrives, once two days of its series are known. What stands out appears here.</EmptyPanel>
        ) : (
          <div className={cn("transition-opacity", found.isPlaceholderData && "opacity-60")}>
            <Table label="Anomalies">
              <thead>
                <tr>
                  <TableHead>Severity</TableHead><TableHead>Series</TableHead><TableHead className="text-right max-md:hidden">Seen</TableHead><TableHead className="text-right max-md:hidden">Expected</TableHead>
                  <TableHead className="text-right max-lg:hidden">Score</TableHead><TableHead className="max-md:hidden">Began</TableHead><TableHead className="max-lg:hidden">Lasted</TableHead><TableHead className="max-md:hidden">Status</TableHead>
                  {may && <TableHead className="max-md:hidden"><span className="sr-only">Actions</span></TableHead>}
                </tr>
              </thead>
              <tbody>
                {rows.map((anomaly) => (
                  <AnomalyRow
                    key={anomaly.id}
                    anomaly={anomaly}
                    now={now}
                    href={hrefOf({ ...address, id: anomaly.id })}
                    current={anomaly.id === current}
                    onCurrent={() => setCurrent(anomaly.id)}
                    onChange={may ? (next) => decide(anomaly.id, next) : undefined}
                  />
                ))}
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
      {rows.length > 0 && <div className="border-t px-4 py-2 max-md:hidden"><KeyHint keys={[[["j", "k"], "move"], [["↵"], "open"], ...(may ? actionKeys : [])]} /></div>}
      <ChangeNote change={change} />
    </Card>
  );
}
