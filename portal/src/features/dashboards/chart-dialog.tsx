// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId, useState, type FormEvent } from "react";
import { Combobox } from "@/components/combobox";
import { FormField } from "@/components/form-field";
import { LabelFilters } from "@/components/label-filters";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { fromSelector, type Filter } from "@/lib/label-filters";
import { useMetrics } from "@/lib/queries/metrics";
import { toMatch } from "./chart-match";
import type { Chart } from "./dashboards";
import type { ChartFields } from "./draft";
import { TileChart } from "./tile-chart";

const AGGREGATES: Chart["aggregate"][] = ["avg", "min", "max", "sum", "count", "last"];
const HOURS: [number, string][] = [[1, "1 h"], [6, "6 h"], [24, "24 h"], [168, "7 d"], [720, "30 d"]];

/** What a chart shows, with a look at it before it is added. */
export function ChartDialog({ chart, onDone, onClose }: { chart?: Chart; onDone: (fields: ChartFields) => void; onClose: () => void }) {
  const metrics = useMetrics();
  const id = useId();
  const read = fromSelector({ labels: {}, match: chart?.match });
  const [title, setTitle] = useState(chart?.title ?? "");
  const [metric, setMetric] = useState(chart?.metric ?? "");
  const [filters, setFilters] = useState<Filter[]>(read ?? []);
  const [aggregate, setAggregate] = useState(chart?.aggregate ?? "avg");
  const [hours, setHours] = useState(chart?.hours ?? 6);
  const [forecast, setForecast] = useState(chart?.forecast ?? true);
  // Matchers that this editor cannot hold stay as they are.
  const match = read === null ? (chart?.match ?? "") : toMatch(filters);
  const fields: ChartFields = { title: title.trim() || metric, metric, match, aggregate, hours, forecast };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDone(fields);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent className="max-w-2xl" onInteractOutside={(event) => event.preventDefault()}>
        <DialogTitle>{chart ? "Edit chart" : "Add a chart"}</DialogTitle>
        <DialogDescription className="sr-only">A metric, conditions on its labels, and how it is shown.</DialogDescription>
        <form onSubmit={submit} className="grid min-w-0 gap-4">
          <FormField label="Title" value={title} maxLength={200} placeholder={metric || "As the metric is called"} onChange={(event) => setTitle(event.target.value)} />
          <div className="grid min-w-0 gap-1.5">
            <span className="text-[0.8125rem] font-medium">Series</span>
            <Combobox label="Metric" value={metric} options={metrics.data ?? []} placeholder="Choose a metric…" className="h-9 w-full" onChange={(chosen) => { setMetric(chosen); if (chosen !== metric) setFilters([]); }} />
            {metric && (read === null ? <p className="font-mono text-xs break-all text-muted-foreground">{match}</p> : <LabelFilters metric={metric} filters={filters} onChange={setFilters} />)}
          </div>
          <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
            <div className="grid gap-1.5"><Label htmlFor={`${id}-aggregate`}>Aggregation</Label><Select id={`${id}-aggregate`} value={aggregate} onChange={(event) => setAggregate(event.target.value as Chart["aggregate"])}>{AGGREGATES.map((each) => <option key={each}>{each}</option>)}</Select></div>
            <div className="grid gap-1.5">
              <Label htmlFor={`${id}-hours`}>Looks back</Label>
              <Select id={`${id}-hours`} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
                {HOURS.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
                {!HOURS.some(([value]) => value === hours) && <option value={hours}>{hours} h</option>}
              </Select>
            </div>
            <label className="inline-flex h-9 items-center gap-2 text-[0.8125rem]"><input type="checkbox" className="size-4 accent-forecast" checked={forecast} onChange={(event) => setForecast(event.target.checked)} /> Forecast</label>
          </div>
          <div className="h-56 rounded-md border px-3 py-2">
            {metric ? <TileChart chart={{ ...fields, x: 0, y: 0, width: 6, height: 4 }} hours={hours} table={false} /> : <p className="flex h-full items-center justify-center text-[0.8125rem] text-muted-foreground">What it will look like appears here.</p>}
          </div>
          <DialogFooter>
            <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
            <Button type="submit" size="sm" disabled={metric === ""}>{chart ? "Change" : "Add chart"}</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
