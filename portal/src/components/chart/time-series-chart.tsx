// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartLine, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import type { ChartPoint } from "@/lib/chart/points";
import { cn } from "@/lib/cn";
import type { Unit } from "@/lib/format";
import { TimeSeriesTable } from "./time-series-table";

// Recharts is as large as everything else together: it comes when the first chart does.
const TimeSeriesPlot = dynamic(() => import("./time-series-plot"), { ssr: false, loading: () => <Skeleton className="size-full" /> });

export type TimeSeriesChartProps = {
  /** Made by toChartPoints(). */
  points: ChartPoint[];
  unit: Unit;
  /** What the chart shows, for those who cannot see it. */
  title: string;
  /** Nominal coverage of the intervals, such as 0.95. */
  level?: number;
  /** Tailwind height. */
  className?: string;
};

const UNIT_NAMES: Record<Unit, string> = {
  "": "", percent: "%", ratio: "%", bytes: "bytes", "bytes/s": "bytes/s", seconds: "seconds", milliseconds: "ms", "/s": "per second",
};

/** What was measured, what is forecast and its interval over time; the same as a table on demand. */
export function TimeSeriesChart({ points, unit, title, level = 0.95, className }: TimeSeriesChartProps) {
  const [table, setTable] = useState(false);
  const forecast = points.some((point) => point.predicted !== null);
  const foreseen = points.some((point) => typeof point.foreseen === "number");
  return (
    <figure aria-label={title}>
      <figcaption className="mb-2 flex min-h-8 items-center gap-4 text-2xs text-muted-foreground">
        <Key className="bg-actual">Measured</Key>
        {foreseen && <Key className="bg-forecast">Forecast an hour before</Key>}
        {forecast && !foreseen && <Key className="bg-forecast">Forecast</Key>}
        {forecast && <Key className="h-2 bg-forecast/25">{Math.round(level * 100)} % interval</Key>}
        {UNIT_NAMES[unit] && <span className="max-sm:hidden">in {UNIT_NAMES[unit]}</span>}
        <Button
          variant="ghost"
          size="icon"
          className="ml-auto text-muted-foreground"
          aria-pressed={table}
          aria-label={table ? "Show as chart" : "Show as table"}
          onClick={() => setTable(!table)}
        >
          {table ? <ChartLine /> : <Table2 />}
        </Button>
      </figcaption>
      <div className={cn("h-64", className)}>
        {table ? <TimeSeriesTable points={points} unit={unit} title={title} /> : <TimeSeriesPlot points={points} unit={unit} level={level} />}
      </div>
    </figure>
  );
}

function Key({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span className={cn("h-0.5 w-3 rounded-full", className)} aria-hidden /> {children}
    </span>
  );
}
