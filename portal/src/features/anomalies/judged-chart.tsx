// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartLine, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState, type ReactNode } from "react";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { formatValue, type Unit } from "@/lib/format";
import type { Severity, Span } from "./address";
import type { JudgedRow } from "./judged-rows";

const JudgedPlot = dynamic(() => import("./judged-plot"), { ssr: false, loading: () => <Skeleton className="size-full" /> });

type JudgedChartProps = { rows: JudgedRow[]; anomaly: Span; window: Span; severity: Severity; unit: Unit; title: string; children?: ReactNode };

/** What was measured, what was expected of it, and the anomaly; the same as a table on demand. */
export function JudgedChart({ rows, anomaly, window, severity, unit, title, children }: JudgedChartProps) {
  const [table, setTable] = useState(false);
  return (
    <figure aria-label={title}>
      <figcaption className="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 text-2xs text-muted-foreground">
        <Key className="bg-actual">Measured</Key>
        <Key style={{ background: `var(--severity-${severity})` }}>Anomaly</Key>
        <Key className="bg-forecast">Expected</Key>
        <Key className="h-2 bg-forecast/25">Usual range</Key>
        <span className="ml-auto flex items-center gap-1">
          {children}
          <Button variant="ghost" size="icon" className="text-muted-foreground" aria-pressed={table} aria-label={table ? "Show as chart" : "Show as table"} onClick={() => setTable(!table)}>
            {table ? <ChartLine /> : <Table2 />}
          </Button>
        </span>
      </figcaption>
      <div className="h-72">
        {table ? <JudgedTable rows={rows} unit={unit} title={title} /> : <JudgedPlot rows={rows} anomaly={anomaly} window={window} severity={severity} unit={unit} />}
      </div>
    </figure>
  );
}

function Key({ className, style, children }: { className?: string; style?: React.CSSProperties; children: ReactNode }) {
  return <span className="inline-flex items-center gap-1.5 whitespace-nowrap"><span className={cn("h-0.5 w-3 rounded-full", className)} style={style} aria-hidden /> {children}</span>;
}

function JudgedTable({ rows, unit, title }: { rows: JudgedRow[]; unit: Unit; title: string }) {
  return (
    <div className="h-full overflow-auto rounded-md border" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
      <table className="w-full text-left text-xs tabular-nums">
        <thead className="sticky top-0 bg-card text-2xs text-muted-foreground">
          <tr>{["Time", "Measured", "Expected", "Usual range"].map((name) => <th key={name} scope="col" className="px-3 py-2 font-medium">{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.filter(({ value }) => value !== null).reverse().map(({ time, value, odd, expected, range }) => (
            <tr key={time} className={cn("border-t", odd !== null && "bg-accent font-medium")}>
              <td className="px-3 py-1.5 whitespace-nowrap"><Time value={time} /></td>
              <td className="px-3 py-1.5">{formatValue(value, unit)}</td>
              <td className="px-3 py-1.5">{formatValue(expected, unit)}</td>
              <td className="px-3 py-1.5 whitespace-nowrap">{range ? `${formatValue(range[0], unit)} to ${formatValue(range[1], unit)}` : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
