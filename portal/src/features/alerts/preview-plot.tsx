// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// Draws, and decides nothing: rows come from lib/chart/rows.ts, marks from preview.ts.
import { CartesianGrid, ComposedChart, Line, ReferenceArea, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { STILL, timeAxis, valueAxis } from "@/components/chart/axes";
import type { ChartRow } from "@/lib/chart/rows";
import { valueTicks } from "@/lib/chart/ticks";
import { formatValue, type Unit } from "@/lib/format";
import { formatTime, formatUtc } from "@/lib/time";
import type { Span } from "./preview";

export type PreviewPlotProps = { rows: ChartRow[]; series: { name: string; color: string }[]; unit: Unit; span: Span; marks: Span[]; threshold: number | null };

const day = (time: number) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short" });

export default function PreviewPlot({ rows, series, unit, span, marks, threshold }: PreviewPlotProps) {
  const values = valueTicks([threshold, ...rows.flatMap(({ drawn }) => drawn)], [], unit, 6);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} initialDimension={{ width: 600, height: 288 }}>
      <ComposedChart data={rows} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...timeAxis(span.from, span.to)} domain={[span.from, span.to]} allowDataOverflow tickFormatter={day} minTickGap={40} />
        <YAxis {...valueAxis(values, unit)} domain={[values[0] ?? 0, values.at(-1) ?? 1]} />
        <Tooltip isAnimationActive={false} content={({ active, payload }) => <RowNote row={active ? (payload?.[0]?.payload as ChartRow | undefined) : undefined} series={series} unit={unit} />} />
        {marks.map(({ from, to }) => <ReferenceArea key={from} x1={from} x2={to} fill="var(--destructive)" fillOpacity={0.22} ifOverflow="hidden" />)}
        {series.map(({ color }, index) => <Line key={index} dataKey={(row: ChartRow) => row.drawn[index]} stroke={color} strokeWidth={1.4} {...STILL} />)}
        {threshold !== null && <ReferenceLine y={threshold} stroke="var(--destructive)" strokeDasharray="5 4" ifOverflow="extendDomain" />}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function RowNote({ row, series, unit }: { row: ChartRow | undefined; series: PreviewPlotProps["series"]; unit: Unit }) {
  const values = row ? series.map((each, index) => ({ ...each, measured: row.measured[index] ?? null })).filter(({ measured }) => measured !== null) : [];
  if (!row || values.length === 0) return null;
  return (
    <div className="max-w-80 rounded-md border bg-popover px-3 py-2 text-2xs shadow-lg">
      <p className="font-medium">{formatTime(row.time)}</p>
      <p className="mb-1 text-muted-foreground">{formatUtc(row.time)}</p>
      {values.map(({ name, color, measured }) => (
        <p key={name} className="flex items-center gap-2">
          <span className="size-2 shrink-0 rounded-full" style={{ background: color }} />
          <span className="min-w-0 flex-1 truncate text-muted-foreground">{name}</span>
          <span className="tabular-nums">{formatValue(measured, unit)}</span>
        </p>
      ))}
    </div>
  );
}
