// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// Draws, and decides nothing: rows come from lib/chart/rows.ts.
import { useState } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { STILL, timeAxis, valueAxis } from "./axes";
import type { Span } from "@/lib/chart/span";
import { valueTicks } from "@/lib/chart/ticks";
import { formatValue, type Unit } from "@/lib/format";
import { formatTime, formatUtc } from "@/lib/time";
import type { ChartRow } from "@/lib/chart/rows";

export type SeriesPlotProps = {
  rows: ChartRow[];
  series: { name: string; color: string }[];
  unit: Unit;
  /** What the axis shows, whatever there are samples of. */
  span: Span;
  /** Told from where to where the pointer was dragged; without it, nothing can be. */
  onDrag?: (first: number, last: number) => void;
};


/** Several series over time with what is forecast of them; of one alone also its intervals. */
export default function SeriesPlot({ rows, series, unit, span, onDrag }: SeriesPlotProps) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const alone = series.length === 1;
  const last = Math.max(span.to, rows.at(-1)?.time ?? 0);
  const has = (key: "expected" | "interval" | "foreseen") => rows.some((row) => row[key] !== null);
  const values = valueTicks(
    rows.flatMap(({ drawn, predicted, foreseen }) => [...drawn, ...predicted, alone ? foreseen : null]),
    alone ? rows.flatMap(({ interval, expected }) => [...(interval ?? []), ...(expected ?? [])]) : [],
    unit,
    6,
  );
  const finish = () => {
    if (drag) onDrag?.(drag.from, drag.to);
    setDrag(null);
  };
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} initialDimension={{ width: 600, height: 320 }}>
      <ComposedChart
        data={rows}
        accessibilityLayer={false}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
        onMouseDown={({ activeLabel }) => onDrag && activeLabel !== undefined && setDrag({ from: Number(activeLabel), to: Number(activeLabel) })}
        onMouseMove={({ activeLabel }) => drag && activeLabel !== undefined && setDrag({ ...drag, to: Number(activeLabel) })}
        onMouseUp={finish}
        onMouseLeave={() => setDrag(null)}
        className={onDrag && "cursor-crosshair select-none"}
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...timeAxis(span.from, last)} domain={[span.from, last]} allowDataOverflow />
        <YAxis {...valueAxis(values, unit)} domain={[values[0] ?? 0, values.at(-1) ?? 0]} allowDataOverflow />
        <Tooltip isAnimationActive={false} content={({ active, payload }) => <RowNote row={active ? (payload?.[0]?.payload as ChartRow | undefined) : undefined} series={series} unit={unit} />} />
        {alone && has("expected") && <Area dataKey="expected" stroke="none" fill="var(--forecast)" fillOpacity={0.1} {...STILL} />}
        {alone && has("interval") && <Area dataKey="interval" stroke="none" fill="var(--forecast)" fillOpacity={0.16} {...STILL} />}
        {alone && has("foreseen") && <Line dataKey="foreseen" stroke="var(--forecast)" strokeWidth={1.2} strokeOpacity={0.8} strokeDasharray="2 3" {...STILL} />}
        {series.map(({ color }, index) => <Line key={`m${index}`} dataKey={(row: ChartRow) => row.drawn[index]} stroke={color} strokeWidth={1.6} {...STILL} />)}
        {series.map(({ color }, index) => (
          <Line key={`f${index}`} dataKey={(row: ChartRow) => row.predicted[index]} stroke={alone ? "var(--forecast)" : color} strokeWidth={1.6} strokeDasharray="5 4" {...STILL} connectNulls />
        ))}
        {drag && <ReferenceArea x1={Math.min(drag.from, drag.to)} x2={Math.max(drag.from, drag.to)} fill="var(--ring)" fillOpacity={0.15} />}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function RowNote({ row, series, unit }: { row: ChartRow | undefined; series: SeriesPlotProps["series"]; unit: Unit }) {
  if (!row) return null;
  const values = series.map((each, index) => ({ ...each, measured: row.measured[index] ?? null, predicted: row.predicted[index] ?? null })).filter(({ measured, predicted }) => measured !== null || predicted !== null);
  if (values.length === 0 && row.foreseen === null) return null;
  return (
    <div className="max-w-80 rounded-md border bg-popover px-3 py-2 text-2xs shadow-lg">
      <p className="font-medium">{formatTime(row.time)}</p>
      <p className="mb-1 text-muted-foreground">{formatUtc(row.time)}</p>
      {values.map(({ name, color, measured, predicted }) => (
        <p key={name} className="flex items-center gap-2">
          <span className="size-2 shrink-0 rounded-full" style={{ background: color }} />
          <span className="min-w-0 flex-1 truncate text-muted-foreground">{name}{measured === null && ", forecast"}</span>
          <span className="tabular-nums">{formatValue(measured ?? predicted, unit)}</span>
        </p>
      ))}
      {row.interval && row.measured[0] === null && <p><span className="text-muted-foreground">95 % interval</span> {formatValue(row.interval[0], unit)} to {formatValue(row.interval[1], unit)}</p>}
      {row.foreseen !== null && <p><span className="text-muted-foreground">Forecast an hour before</span> {formatValue(row.foreseen, unit)}</p>}
    </div>
  );
}
