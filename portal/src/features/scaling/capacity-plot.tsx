// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// Draws, and decides nothing: rows come from capacity.ts.
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { STILL, timeAxis, valueAxis } from "@/components/chart/axes";
import { valueTicks } from "@/lib/chart/ticks";
import { formatCount, formatValue } from "@/lib/format";
import { formatTime, formatUtc } from "@/lib/time";
import type { CapacityRow } from "./capacity";
import type { CapacityChartProps } from "./capacity-chart";

type CapacityPlotProps = Omit<CapacityChartProps, "title"> & { shown: boolean[] };


export default function CapacityPlot({ rows, lines, shown, capacity, unit }: CapacityPlotProps) {
  const [first, last] = [rows[0]?.time ?? 0, rows.at(-1)?.time ?? 0];
  const values = valueTicks([0, ...rows.flatMap((row) => [row.load, ...lines.map((_, index) => (shown[index] ? capacityAt(row, index, capacity) : null))])], [], unit);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} initialDimension={{ width: 600, height: 288 }}>
      <ComposedChart data={rows} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...timeAxis(first, last)} domain={["dataMin", "dataMax"]} />
        <YAxis {...valueAxis(values, unit)} domain={[0, values.at(-1) ?? 1]} />
        <Tooltip isAnimationActive={false} content={({ active, payload }) => <RowNote row={active ? (payload?.[0]?.payload as CapacityRow | undefined) : undefined} lines={lines} shown={shown} capacity={capacity} unit={unit} />} />
        <Area dataKey="load" stroke="var(--actual)" strokeWidth={1.6} fill="var(--actual)" fillOpacity={0.1} {...STILL} />
        {lines.map(({ name, color, dash }, index) => shown[index] && (
          <Line key={name} type="stepAfter" dataKey={(row: CapacityRow) => capacityAt(row, index, capacity)} stroke={color} strokeWidth={1.6} strokeDasharray={dash} {...STILL} />
        ))}
        {lines.map(({ name }, index) => shown[index] && (
          <Line key={`${name} short`} dataKey={(row: CapacityRow) => (row.short[index] ? row.load : null)} stroke="none" {...STILL} dot={index === 0 ? { r: 2.5, fill: "var(--destructive)", strokeWidth: 0 } : { r: 2.5, fill: "none", stroke: "var(--destructive)", strokeWidth: 1 }} />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function capacityAt(row: CapacityRow, index: number, capacity: number): number | null {
  const replicas = row.replicas[index];
  return typeof replicas === "number" ? replicas * capacity : null;
}

function RowNote({ row, lines, shown, unit }: Pick<CapacityPlotProps, "lines" | "shown" | "capacity" | "unit"> & { row: CapacityRow | undefined }) {
  if (!row || (row.load === null && row.replicas.every((each) => each === null))) return null;
  return (
    <div className="rounded-md border bg-popover px-3 py-2 text-2xs shadow-lg">
      <p className="font-medium">{formatTime(row.time)}</p>
      <p className="mb-1 text-muted-foreground">{formatUtc(row.time)}</p>
      {row.load !== null && <p><span className="text-muted-foreground">Load</span> {formatValue(row.load, unit)}</p>}
      {lines.map(({ name, color }, index) => {
        const replicas = row.replicas[index];
        return shown[index] && typeof replicas === "number" && (
          <p key={name} className="flex items-center gap-2">
            <span className="size-2 shrink-0 rounded-full" style={{ background: color }} />
            <span className="text-muted-foreground">{name}</span> {formatCount(replicas)} {replicas === 1 ? "replica" : "replicas"}{row.short[index] && <span className="text-destructive">, short</span>}
          </p>
        );
      })}
    </div>
  );
}
