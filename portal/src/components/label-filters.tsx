// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Plus, X } from "lucide-react";
import { Combobox } from "@/components/combobox";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { cardinality, valuesOf } from "@/lib/cardinality";
import { operators, type Filter, type Operator } from "@/lib/label-filters";
import { useSeries } from "@/lib/queries/metrics";

type LabelFiltersProps = {
  metric: string;
  filters: Filter[];
  onChange: (filters: Filter[]) => void;
  /** Whether a label may only be equal to a value. */
  equalOnly?: boolean;
};

/** Conditions on the labels of a metric, with completion from its series. */
export function LabelFilters({ metric, filters, onChange, equalOnly = false }: LabelFiltersProps) {
  const change = (index: number, filter: Filter | null) => onChange(filters.flatMap((each, at) => (at !== index ? [each] : filter ? [filter] : [])));
  return (
    <div className="flex flex-wrap items-center gap-2">
      {filters.map((filter, index) => <FilterEditor key={index} metric={metric} filter={filter} offered={equalOnly ? ["="] : operators} onChange={(changed) => change(index, changed)} />)}
      <AddFilter metric={metric} taken={filters.map(({ label }) => label)} onAdd={(label) => onChange([...filters, { label, operator: "=", value: "" }])} />
    </div>
  );
}

function FilterEditor({ metric, filter, offered, onChange }: { metric: string; filter: Filter; offered: readonly Operator[]; onChange: (filter: Filter | null) => void }) {
  const { label, operator, value } = filter;
  const values = valuesOf(useSeries(metric).data?.series ?? [], label);
  return (
    <div role="group" aria-label={`Condition on ${label}`} className="flex max-w-full items-center gap-1 rounded-md border bg-muted/50 py-0.5 pr-0.5 pl-2.5">
      <span className="max-w-40 truncate font-mono text-xs" title={label}>{label}</span>
      <Select small aria-label={`Operator for ${label}`} value={operator} className="font-mono" onChange={(event) => onChange({ ...filter, operator: event.target.value as Operator })}>
        {offered.map((each) => <option key={each}>{each}</option>)}
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
