// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { cn } from "@/lib/cn";

type RangeBarProps<Range extends { title: string }> = {
  ranges: readonly Range[];
  isChosen: (range: Range) => boolean;
  onChoose: (range: Range) => void;
  className?: string;
};

/** One time range of several. */
export function RangeBar<Range extends { title: string }>({ ranges, isChosen, onChoose, className }: RangeBarProps<Range>) {
  return (
    <div role="group" aria-label="Time range" className={cn("flex flex-wrap gap-0.5 rounded-lg bg-muted p-0.5", className)}>
      {ranges.map((range) => {
        const chosen = isChosen(range);
        return (
          <button
            key={range.title}
            type="button"
            aria-pressed={chosen}
            onClick={() => onChoose(range)}
            className={cn("h-7 rounded-md px-2.5 text-2xs font-medium whitespace-nowrap transition-colors", chosen ? "bg-card text-foreground shadow-xs" : "text-muted-foreground hover:text-foreground")}
          >
            {range.title}
          </button>
        );
      })}
    </div>
  );
}
