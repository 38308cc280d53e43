// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { X } from "lucide-react";
import { Combobox } from "@/components/combobox";
import { RangeBar } from "@/components/range-bar";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { useMetrics } from "@/lib/queries/metrics";
import { formatTime } from "@/lib/time";
import { isNarrow, ranges, severities, statuses, type Address, type Severity, type Status } from "./address";
import { statusNames } from "./words";

type FilterBarProps = { address: Address; onChange: (change: Partial<Address>) => void; onClear: () => void };

/** What is listed and counted; the address holds it. Incidents have no metric and are never false positives. */
export function FilterBar({ address, onChange, onClear }: FilterBarProps) {
  const { view, status, severity, metric, seconds, span } = address;
  const metrics = useMetrics();
  const incidents = view === "incidents";
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Select small aria-label="Status" value={status ?? ""} onChange={({ target }) => onChange({ status: (target.value || null) as Status | null })}>
        <option value="">Any status</option>
        {statuses.filter((each) => !incidents || each !== "false_positive").map((each) => <option key={each} value={each}>{statusNames[each]}</option>)}
      </Select>
      <Select small aria-label="Severity" value={severity ?? ""} className="capitalize" onChange={({ target }) => onChange({ severity: (target.value || null) as Severity | null })}>
        <option value="">Any severity</option>
        {severities.map((each) => <option key={each} value={each}>{`${each[0]?.toUpperCase()}${each.slice(1)}`}</option>)}
      </Select>
      {!incidents && <Combobox label="Metric" value={metric} options={metrics.data ?? []} placeholder="Any metric" className="w-56 max-sm:w-full" onChange={(chosen) => onChange({ metric: chosen })} />}
      {span && !incidents && (
        <Button variant="outline" size="sm" className="max-w-full" aria-label="Show the whole time" onClick={() => onChange({ span: null })}>
          <span className="truncate">{formatTime(span.from)} to {formatTime(span.to)}</span> <X />
        </Button>
      )}
      {isNarrow(address) && <Button variant="ghost" size="sm" className="text-muted-foreground" onClick={onClear}>Clear</Button>}
      <RangeBar ranges={ranges} isChosen={(each) => each.seconds === seconds} onChoose={(each) => onChange({ seconds: each.seconds, span: null })} className="md:ml-auto" />
    </div>
  );
}
