// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartLine, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import type { Unit } from "@/lib/format";
import type { CapacityRow } from "./capacity";
import { CapacityTable } from "./capacity-table";

const CapacityPlot = dynamic(() => import("./capacity-plot"), { ssr: false, loading: () => <Skeleton className="size-full" /> });

/** One way to have replicas over time. */
export type CapacityLine = { name: string; color: string; dash?: string };

export type CapacityChartProps = {
  /** What the chart shows, for those who cannot see it. */
  title: string;
  rows: CapacityRow[];
  lines: CapacityLine[];
  /** Load that one replica serves: a line lies at its replicas times that. */
  capacity: number;
  unit: Unit;
};

/** A load, and the capacity of the replicas there are under each policy; the same as a table on demand. */
export function CapacityChart({ title, rows, lines, capacity, unit }: CapacityChartProps) {
  const [table, setTable] = useState(false);
  const [hidden, setHidden] = useState<string[]>([]);
  const shown = lines.map((line) => !hidden.includes(line.name));
  const short = lines.filter((_, index) => shown[index] && rows.some((row) => row.short[index]));
  return (
    <figure aria-label={title}>
      <figcaption className="mb-2 flex min-h-8 flex-wrap items-center gap-x-1 gap-y-0.5 text-2xs text-muted-foreground">
        <span className="mr-2 inline-flex items-center gap-1.5 whitespace-nowrap"><span className="h-0.5 w-3 rounded-full bg-actual" aria-hidden /> Load</span>
        {lines.map(({ name, color, dash }) => (
          <button
            key={name}
            type="button"
            aria-pressed={!hidden.includes(name)}
            onClick={() => setHidden(hidden.includes(name) ? hidden.filter((each) => each !== name) : [...hidden, name])}
            className={cn("inline-flex items-center gap-1.5 rounded px-1.5 py-0.5 whitespace-nowrap transition-colors hover:bg-accent", hidden.includes(name) && "line-through")}
          >
            <svg width="14" height="4" aria-hidden><line x1="0" y1="2" x2="14" y2="2" stroke={color} strokeWidth="2" strokeDasharray={dash} /></svg> {name}
          </button>
        ))}
        {short.map(({ name }) => (
          <span key={name} className="ml-2 inline-flex items-center gap-1.5 whitespace-nowrap"><span className={cn("size-2 rounded-full border border-destructive", name === lines[0]?.name && "bg-destructive")} aria-hidden /> {name} short</span>
        ))}
        <Button variant="ghost" size="icon" className="ml-auto text-muted-foreground" aria-pressed={table} aria-label={table ? `${title} as chart` : `${title} as table`} onClick={() => setTable(!table)}>
          {table ? <ChartLine /> : <Table2 />}
        </Button>
      </figcaption>
      <div className="h-72">
        {table ? <CapacityTable title={title} rows={rows} lines={lines} unit={unit} /> : <CapacityPlot rows={rows} lines={lines} shown={shown} capacity={capacity} unit={unit} />}
      </div>
    </figure>
  );
}
