// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Combobox } from "@/components/combobox";
import { LabelFilters } from "@/components/label-filters";
import { RangeBar } from "@/components/range-bar";
import { Select } from "@/components/ui/select";
import { formatDuration } from "@/lib/format";
import { useMetrics } from "@/lib/queries/metrics";
import { aggregates, ranges, type Aggregate, type ExplorerState } from "./explorer-state";

const STEPS = [1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400];

type QueryBarProps = { state: ExplorerState; onChange: (change: Partial<ExplorerState>) => void };

/** What to read: metric, conditions on labels, how a step is made of its samples, and when. */
export function QueryBar({ state, onChange }: QueryBarProps) {
  const metrics = useMetrics(60_000);
  const { metric, filters, range, aggregate, step } = state;
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
        <RangeBar ranges={ranges} isChosen={({ seconds }) => "seconds" in range && range.seconds === seconds} onChoose={({ seconds }) => onChange({ range: { seconds } })} className="xl:ml-auto" />
      </div>
      {metric && <LabelFilters metric={metric} filters={filters} onChange={(changed) => onChange({ filters: changed })} />}
    </div>
  );
}
