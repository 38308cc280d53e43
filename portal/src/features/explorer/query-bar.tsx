// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { useMetrics, useSeries } from "@/lib/queries/metrics";
import { cn } from "@/lib/cn";
import { formatDuration } from "@/lib/format";
import { cardinality, valuesOf } from "./cardinality";
import { Combobox } from "@/components/combobox";
import { aggregates, operators, ranges, type Aggregate, type ExplorerState, type Filter, type Operator } from "./explorer-state";

const STEPS = [1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400];

type QueryBarProps = { state: ExplorerState; onChange: (change: Partial<ExplorerState>) => void };

/** What to read: metric, conditions on labels, how a step is made of its samples, and when. */
export function QueryBar({ state, onChange }: QueryBarProps) {
  const metrics = useMetrics(60_000);
  const { metric, filters, range, aggregate, step } = state;
  const change = (index: number, filter: Filter | null) => onChange({ filters: filters.flatMap((each, at) => (at !== index ? [each] : filter ? [filter] : [])) });
  return (
    <div className="grid gap-3 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <Combobox label="Metric" value={metric} options={metrics.data ?? []} placeholder="Choose a metric…" className="w-72 max-sm:w-full" onChange={(chosen) => onChange({ metric: chosen, filters: [] })} />
        <Select small aria-label="Aggregation" value={aggregate} onChange={(event) => onChange({ aggregate: event.target.value as Aggregate })}>
          {aggregates.map((each) => <option key={each}>{each}</option>)}
        </Select>
        <Select small aria-label="Step" value={step ?? ""} onChange={(event) => onChange({ step: Number(event.target.value) || null })}>
          <option value="">step: auto</option>
          {[...new Set(step === null ? STEPS : [...STEPS, step])].sort((a, b) => a - b).map((each) => <option key={each} value={each}>every {formatDuration(each)}</option>)}
        </Select>
        <label className="inline-flex h-8 items-center gap-2 px-1 text-[0.8125rem]">
          <input type="checkbox" className="size-4 accent-forecast" checked={state.forecast} onChange={(event) => onChange({ forecast: event.target.checked })} /> Forecast
        </label>
        <div role="group" aria-label="Time range" className="flex flex-wrap gap-0.5 rounded-lg bg-muted p-0.5 xl:ml-auto">
          {ranges.map(({ seconds, title }) => {
            const current = "seconds" in range && range.seconds === seconds;
            return (
              <button
                key={seconds}
                type="button"
                aria-pressed={current}
                onClick={() => onChange({ range: { seconds } })}
                className={cn("h-7 rounded-md px-2.5 text-2xs font-medium whitespace-nowrap transition-colors", current ? "bg-card text-foreground shadow-xs" : "text-muted-foreground hover:text-foreground")}
              >
                {title}
              </button>
            );
          })}
        </div>
      </div>
      {metric && (
        <div className="flex flex-wrap items-center gap-2">
          {filters.map((filter, index) => <FilterEditor key={index} metric={metric} filter={filter} onChange={(changed) => change(index, changed)} />)}
          <AddFilter metric={metric} taken={filters.map(({ label }) => label)} onAdd={(label) => onChange({ filters: [...filters, { label, operator: "=", value: "" }] })} />
        </div>
      )}
    </div>
  );
}

function FilterEditor({ metric, filter, onChange }: { metric: string; filter: Filter; onChange: (filter: Filter | null) => void }) {
  const { label, operator, value } = filter;
  const values = valuesOf(useSeries(metric).data?.series ?? [], label);
  return (
    <div role="group" aria-label={`Condition on ${label}`} className="flex max-w-full items-center gap-1 rounded-md border bg-muted/50 py-0.5 pr-0.5 pl-2.5">
      <span className="max-w-40 truncate font-mono text-xs" title={label}>{label}</span>
      <Select small aria-label={`Operator for ${label}`} value={operator} className="font-mono" onChange={(event) => onChange({ ...filter, operator: event.target.value as Operator })}>
        {operators.map((each) => <option key={each}>{each}</option>)}
      </Select>
      {operator === "=" || operator === "!="
        ? <Combobox label={`Value of ${label}`} value={value} options={values} placeholder="any value…" className="w-40" onChange={(chosen) => onChange({ ...filter, value: chosen })} />
        : (
          <Input
            key={operator}
            aria-label={`Expression for ${label}`}
            defaultValue={value}
            placeholder="web-.*"
            spellCheck={false}
            className="h-8 w-40 font-mono text-xs"
            onBlur={(event) => event.target.value !== value && onChange({ ...filter, value: event.target.value })}
            onKeyDown={(event) => event.key === "Enter" && onChange({ ...filter, value: event.currentTarget.value })}
          />
        )}
      <Button variant="ghost" size="icon" aria-label={`Remove the condition on ${label}`} className="text-muted-foreground" onClick={() => onChange(null)}><X /></Button>
    </div>
  );
}

function AddFilter({ metric, taken, onAdd }: { metric: string; taken: string[]; onAdd: (label: string) => void }) {
  const labels = cardinality(useSeries(metric).data?.series ?? []).map(({ label }) => label).filter((label) => !taken.includes(label));
  return (
    <span className="inline-flex items-center gap-1 text-muted-foreground">
      <Plus className="size-3.5" aria-hidden />
      <Combobox label="Add a condition on a label" value="" options={labels} placeholder="Filter by label…" className="w-44 border-dashed" onChange={onAdd} />
    </span>
  );
}
