// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// Draws, and decides nothing: rows come from judged-rows.ts.
import { Area, CartesianGrid, ComposedChart, Line, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { STILL, timeAxis, valueAxis } from "@/components/chart/axes";
import { valueTicks } from "@/lib/chart/ticks";
import { formatValue, type Unit } from "@/lib/format";
import { formatTime, formatUtc } from "@/lib/time";
import type { Severity, Span } from "./address";
import { valueDomain, type JudgedRow } from "./judged-rows";

type JudgedPlotProps = { rows: JudgedRow[]; anomaly: Span; window: Span; severity: Severity; unit: Unit };

/** An anomaly of one sample is still seen: as wide as this share of the chart. */
const LEAST_WIDTH = 0.004;

export default function JudgedPlot({ rows, anomaly, window: { from, to }, severity, unit }: JudgedPlotProps) {
  const color = `var(--severity-${severity})`;
  const ticks = valueTicks(valueDomain(rows), [], unit);
  const margin = Math.max(0, ((to - from) * LEAST_WIDTH - (anomaly.to - anomaly.from)) / 2);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} initialDimension={{ width: 600, height: 288 }}>
      <ComposedChart data={rows} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...timeAxis(from, to)} domain={[from, to]} allowDataOverflow />
        <YAxis {...valueAxis(ticks, unit)} domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]} interval={0} allowDataOverflow />
        <Tooltip isAnimationActive={false} content={({ active, payload }) => <RowNote row={active ? (payload?.[0]?.payload as JudgedRow | undefined) : undefined} unit={unit} />} />
        <ReferenceArea x1={Math.max(from, anomaly.from - margin)} x2={Math.min(to, anomaly.to + margin)} fill={color} fillOpacity={0.14} stroke={color} strokeOpacity={0.35} ifOverflow="hidden" />
        <Area dataKey="range" stroke="none" fill="var(--forecast)" fillOpacity={0.16} {...STILL} />
        <Line dataKey="expected" stroke="var(--forecast)" strokeWidth={1.2} strokeDasharray="4 3" {...STILL} />
        <Line dataKey="value" stroke="var(--actual)" strokeWidth={1.6} {...STILL} />
        <Line dataKey="odd" stroke={color} strokeWidth={2} {...STILL} />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function RowNote({ row, unit }: { row: JudgedRow | undefined; unit: Unit }) {
  if (!row || row.value === null) return null;
  return (
    <div className="rounded-md border bg-popover px-3 py-2 text-2xs shadow-lg">
      <p className="font-medium">{formatTime(row.time)}</p>
      <p className="mb-1 text-muted-foreground">{formatUtc(row.time)}</p>
      <p><span className="text-muted-foreground">Measured</span> {formatValue(row.value, unit)}</p>
      <p><span className="text-muted-foreground">Expected</span> {formatValue(row.expected, unit)}</p>
      {row.range && <p><span className="text-muted-foreground">Usual range</span> {formatValue(row.range[0], unit)} to {formatValue(row.range[1], unit)}</p>}
    </div>
  );
}
