// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { cn } from "@/lib/cn";
import { useDeliveries } from "./channels";
import { attemptText, deliveryState, healthText, type DeliveryState } from "./delivery-log";

const LOOKED_AT = 10;
const COLOR: Record<DeliveryState, string> = { delivered: "bg-success", failed: "bg-destructive", retrying: "bg-forecast", pending: "bg-muted-foreground/50", cancelled: "bg-muted-foreground/25" };

/** The last deliveries of a channel, the newest at the right, and what they come to in words. */
export function ChannelHealth({ id }: { id: string }) {
  const { data, isError } = useDeliveries(id, LOOKED_AT);
  if (isError) return <span className="text-2xs text-muted-foreground">log not read</span>;
  if (!data) return <span className="text-2xs text-muted-foreground">…</span>;
  const [newest] = data.data;
  if (!newest) return <span className="text-2xs text-muted-foreground">nothing sent yet</span>;
  const state = deliveryState(newest);
  return (
    <span className="flex items-center gap-3 text-2xs text-muted-foreground">
      <span className="max-w-56 truncate" title={attemptText(newest.attempts.at(-1))}>{state === "retrying" ? "trying again" : healthText(data.data) || state}</span>
      <span className="flex flex-row-reverse gap-0.5" aria-hidden>
        {data.data.map((each) => <span key={each.id} title={`${deliveryState(each)} ${attemptText(each.attempts.at(-1))}`} className={cn("h-4 w-1.5 rounded-sm", COLOR[deliveryState(each)])} />)}
      </span>
    </span>
  );
}
