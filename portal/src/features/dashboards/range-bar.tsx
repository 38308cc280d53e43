// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { cn } from "@/lib/cn";
import { ranges } from "./ranges";

/** One time range for every chart. */
export function RangeBar({ hours, onChange }: { hours: number | null; onChange: (hours: number | null) => void }) {
  return (
    <div role="group" aria-label="Time range" className="flex flex-wrap gap-0.5 rounded-lg bg-muted p-0.5">
      {ranges.map((range) => (
        <button
          key={range.title}
          type="button"
          aria-pressed={range.hours === hours}
          onClick={() => onChange(range.hours)}
          className={cn("h-7 rounded-md px-2.5 text-2xs font-medium whitespace-nowrap transition-colors", range.hours === hours ? "bg-card text-foreground shadow-xs" : "text-muted-foreground hover:text-foreground")}
        >
          {range.title}
        </button>
      ))}
    </div>
  );
}
