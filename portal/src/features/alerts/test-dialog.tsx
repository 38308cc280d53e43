// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import { ErrorPanel } from "@/components/states";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { useDeliveries, useTestChannel, type Channel } from "./channels";
import { attemptText, type Delivery } from "./delivery-log";

const LOOKED_AT = 10;
/** A wait that is not worth a number. */
const SOON_MS = 15_000;

/** Sends a test message, and shows what the receiver answered. */
export function TestDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const test = useTestChannel();
  const log = useDeliveries(channel.id, LOOKED_AT);
  const delivery = test.data && (log.data?.data.find(({ id }) => id === test.data.id) ?? test.data);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogTitle className="pr-6 break-words">Test “{channel.name}”</DialogTitle>
        <DialogDescription>A message of type <code>test</code> goes to <span className="font-mono text-xs break-all">{channel.url}</span>, by the way that all messages go.</DialogDescription>
        {test.isError && <ErrorPanel compact error={test.error} />}
        {log.isError && <ErrorPanel compact error={log.error} />}
        {delivery && <Answer delivery={delivery} />}
        <DialogFooter>
          <Button variant="ghost" size="sm" onClick={onClose}>Close</Button>
          <Button size="sm" disabled={test.isPending} onClick={() => test.mutate(channel.id)}>{test.data ? "Send another" : "Send"}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function Answer({ delivery: { status, attempts, next_attempt_at } }: { delivery: Delivery }) {
  const last = attempts.at(-1);
  const [Icon, title] = status === "delivered" ? [CircleCheck, "It arrived"] : last ? [CircleX, "It did not arrive"] : [LoaderCircle, "On its way…"];
  return (
    <div role="status" className="flex gap-2.5 rounded-md border px-3 py-2.5 text-sm">
      <Icon className={`mt-0.5 size-4 shrink-0 ${status === "delivered" ? "text-success" : last ? "text-destructive" : "animate-spin text-muted-foreground"}`} aria-hidden />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {last && <p className="text-2xs break-words text-muted-foreground">{attemptText(last)}</p>}
        {status === "pending" && last && next_attempt_at && <p className="text-2xs text-muted-foreground">It is tried again {Date.parse(next_attempt_at) - Date.now() < SOON_MS ? "within seconds" : <Time value={next_attempt_at} relative />}.</p>}
      </div>
    </div>
  );
}
