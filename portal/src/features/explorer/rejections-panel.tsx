// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { CircleCheck } from "lucide-react";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/lib/format";
import { useRejected } from "./queries";

/** What the intake refused, why, and what to do about it; newest first. */
export function RejectionsPanel() {
  const rejected = useRejected();
  if (rejected.isError) return <ErrorPanel error={rejected.error} onRetry={() => void rejected.refetch()} />;
  if (!rejected.data) return <LoadingRows rows={3} />;
  const { data, totals } = rejected.data;
  if (data.length === 0) return <EmptyPanel title="Nothing was refused" icon={CircleCheck}>Every sample since the server started was taken.</EmptyPanel>;
  return (
    <>
      <p className="flex flex-wrap items-center gap-1.5 border-b px-4 py-2.5 text-2xs text-muted-foreground">
        Since the server started:
        {totals.map(({ reason, count }) => <Badge key={reason}><code>{reason}</code> {formatCount(count)}</Badge>)}
      </p>
      <ul className="max-h-96 divide-y overflow-y-auto" tabIndex={0} aria-label="Rejected samples">
        {data.map(({ time, route, reason, count, series, detail, fix }, index) => (
          <li key={index} className="grid gap-1 px-4 py-3 text-[0.8125rem]">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <code className="text-xs font-medium">{reason}</code>
              <span className="text-2xs text-muted-foreground">{formatCount(count)} by {route}</span>
              <Time value={time} relative className="ml-auto text-2xs text-muted-foreground" />
            </div>
            {series && <code className="text-2xs break-all text-muted-foreground">{series}</code>}
            <p className="break-words first-letter:uppercase">{detail}</p>
            <p className="break-words text-muted-foreground"><span className="font-medium text-foreground">Fix:</span> {fix}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
