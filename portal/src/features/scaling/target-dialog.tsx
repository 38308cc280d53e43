// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useRef, useState, type FormEvent } from "react";
import { Combobox } from "@/components/combobox";
import { FormField } from "@/components/form-field";
import { LabelFilters } from "@/components/label-filters";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { fromSelector, type Filter } from "@/lib/label-filters";
import { useMetrics } from "@/lib/queries/metrics";
import { ChannelChoice } from "./channel-choice";
import { PreviewPanel } from "./preview-panel";
import { readTarget, toPercent } from "./target-form";
import { usePreview, useSaveTarget, type Target, type TargetSettings } from "./targets";

/** Makes a target, or changes the one given. What was typed stays when the server refuses. */
export function TargetDialog({ target, onClose, onSaved }: { target?: Target; onClose: () => void; onSaved: (saved: Target) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [metric, setMetric] = useState(target?.metric ?? "");
  const [filters, setFilters] = useState<Filter[]>(target ? (fromSelector({ labels: target.labels ?? {} }) ?? []) : []);
  const [previewed, setPreviewed] = useState<TargetSettings | null>(null);
  const metrics = useMetrics();
  const save = useSaveTarget(target?.id);
  const preview = usePreview();

  /** What the form says; null, with the field shown that is wrong, where it says too little. */
  const read = () => (form.current?.reportValidity() ? readTarget(new FormData(form.current), metric, filters) : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const settings = read();
    if (settings) save.mutate(settings, { onSuccess: onSaved });
  };
  const show = () => {
    const settings = read();
    if (!settings) return;
    setPreviewed(settings);
    preview.mutate(settings);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent className="max-w-2xl" onInteractOutside={(event) => event.preventDefault()}>
        <div className="grid gap-1 pr-6">
          <DialogTitle className="break-words">{target ? `Edit ${target.name}` : "New scaling target"}</DialogTitle>
          <DialogDescription>What is scaled, by which load, and how much of it may be lost to keep it cheap.</DialogDescription>
        </div>
        <form ref={form} onSubmit={submit} className="grid gap-5">
          <fieldset className="grid min-w-0 gap-3">
            <FormField label="Name" name="name" required maxLength={255} defaultValue={target?.name} placeholder="shop" />
            <div className="grid min-w-0 gap-1.5">
              <span className="text-[0.8125rem] font-medium">Load</span>
              <Combobox label="Metric" value={metric} options={metrics.data ?? []} placeholder="Choose a metric…" className="h-9 w-full" onChange={(chosen) => { setMetric(chosen); setFilters([]); }} />
              {metric && <LabelFilters equalOnly metric={metric} filters={filters} onChange={setFilters} />}
              <p className="text-2xs text-muted-foreground">All series that have these labels are summed.</p>
            </div>
          </fieldset>
          <fieldset className="grid grid-cols-2 items-start gap-3 sm:grid-cols-4">
            <FormField label="A replica serves" name="per_replica_capacity" type="number" min={0} step="any" required defaultValue={target?.per_replica_capacity} hint="In the metric’s unit" />
            <FormField label="At least" name="min_replicas" type="number" min={0} max={100_000} required defaultValue={target?.min_replicas ?? 1} hint="Replicas" />
            <FormField label="At most" name="max_replicas" type="number" min={1} max={100_000} required defaultValue={target?.max_replicas} hint="Replicas" />
            <FormField label="Start-up" name="startup_seconds" type="number" min={0} max={3_600} required defaultValue={target?.startup_seconds ?? 120} hint="Seconds until it serves" />
          </fieldset>
          <fieldset className="grid grid-cols-2 items-start gap-3 sm:grid-cols-4">
            <FormField label="Load lost" name="max_violation_percent" type="number" min={0} max={99.999} step="any" required defaultValue={toPercent(target?.max_violation_ratio ?? 0.001)} hint="% of it, tolerated" />
            <FormField label="Time short" name="max_short_time_percent" type="number" min={0} max={100} step="any" required defaultValue={toPercent(target?.max_short_time_ratio ?? 1)} hint="% of it, tolerated" />
            <FormField label="Cost" name="cost_per_replica_hour" type="number" min={0} step="any" defaultValue={target?.cost_per_replica_hour ?? ""} hint="Of a replica-hour" />
            <FormField label="Currency" name="currency" pattern="[A-Za-z]{3}" title="Three letters, such as EUR" maxLength={3} placeholder="EUR" defaultValue={target?.currency ?? ""} hint="Three letters" />
          </fieldset>
          <fieldset className="grid gap-2">
            <Check name="enabled" title="Enabled" explanation="The load is looked at each minute" checked={target?.enabled ?? true} />
            <Check name="live" title="Live" explanation="Autoscalers and channels are told; otherwise advice is only recorded (shadow mode)" checked={target ? target.mode !== "shadow" : false} />
          </fieldset>
          <ChannelChoice chosen={target?.channels ?? []} all={target?.all_webhooks ?? false} />
          {preview.isError && <ErrorPanel compact error={preview.error} />}
          {preview.data && previewed && <PreviewPanel recommendation={preview.data} settings={previewed} />}
          {save.isError && <ErrorPanel compact error={save.error} />}
          <DialogFooter>
            <Button variant="outline" size="sm" className="mr-auto" onClick={show} disabled={!metric || preview.isPending}>{preview.isPending ? "Replaying…" : "Preview"}</Button>
            <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
            <Button type="submit" size="sm" disabled={!metric || save.isPending}>{target ? "Save" : "Create target"}</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Check({ name, title, explanation, checked }: { name: string; title: string; explanation: string; checked: boolean }) {
  return (
    <label className="flex items-start gap-2.5 text-[0.8125rem]">
      <input type="checkbox" name={name} defaultChecked={checked} className="mt-0.5 size-4 accent-foreground" />
      <span><span className="font-medium">{title}</span> <span className="text-muted-foreground">· {explanation}</span></span>
    </label>
  );
}
