// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId, type FormEvent } from "react";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { useMetrics } from "@/lib/queries/metrics";
import { useTrain } from "./models";

/** Asks what to train, and queues it. */
export function TrainDialog({ onClose }: { onClose: () => void }) {
  const metrics = useMetrics();
  const train = useTrain();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const metric = String(new FormData(event.currentTarget).get("metric") ?? "");
    train.mutate(metric || null, { onSuccess: onClose });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogTitle>Train now</DialogTitle>
        <DialogDescription>Each active series with two days of history is fitted. A new version serves only where it is at least as good on the last day as what serves now.</DialogDescription>
        <form onSubmit={submit} className="grid gap-4">
          <div className="grid gap-1.5">
            <Label htmlFor={id}>What to train</Label>
            <Select id={id} name="metric" defaultValue="">
              <option value="">All metrics</option>
              {(metrics.data ?? []).map((name) => <option key={name}>{name}</option>)}
            </Select>
          </div>
          {metrics.isError && <ErrorPanel compact error={metrics.error} onRetry={() => void metrics.refetch()} />}
          {train.isError && <ErrorPanel compact error={train.error} />}
          <DialogFooter>
            <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
            <Button type="submit" size="sm" disabled={train.isPending}>Train</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
