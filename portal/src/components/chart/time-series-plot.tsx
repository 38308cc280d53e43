// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// Draws, and decides nothing: points come from lib/chart/points.ts.
import { Area, CartesianGrid, ComposedChart, Line, ReferenceDot, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { timeAxis, valueAxis } from "./axes";
import type { ChartPoint } from "@/lib/chart/points";
import { formatValue, type Unit } from "@/lib/format";
import { valueTicks } from "@/lib/chart/ticks";
import { formatTime, formatUtc } from "@/lib/time";

type TimeSeriesPlotProps = { points: ChartPoint[]; unit: Unit; level: number };

/** How much of the axis the level's label is wide, at most. */
const LABEL_SHARE = 0.12;

export default function TimeSeriesPlot({ points, unit, level }: TimeSeriesPlotProps) {
  const span = (points.at(-1)?.time ?? 0) - (points[0]?.time ?? 0);
  const origin = points.findLast((point) => point.actual !== null)?.time;
  const last = points.at(-1);
  const values = valueTicks(
    points.flatMap(({ actual, predicted, foreseen }) => [actual, predicted, foreseen]),
    points.flatMap(({ interval, expected }) => [...(interval ?? []), ...(expected ?? [])]),
    unit,
  );
  const top = values.at(-1) ?? 0;
  // The level stands above the end of the band, clear of what comes before it.
  const above = Math.max(...points.filter(({ time }) => last && time >= last.time - LABEL_SHARE * span).map(({ interval, predicted }) => interval?.[1] ?? predicted ?? -Infinity));
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} initialDimension={{ width: 600, height: 256 }}>
      <ComposedChart data={points} margin={{ top: 16, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...timeAxis(points[0]?.time ?? 0, last?.time ?? 0)} domain={["dataMin", "dataMax"]} />
        <YAxis {...valueAxis(values, unit)} domain={[values[0] ?? 0, top]} allowDataOverflow />
        <Tooltip content={({ active, payload }) => <PointNote point={active ? (payload?.[0]?.payload as ChartPoint | undefined) : undefined} unit={unit} />} isAnimationActive={false} />
        {points.some(({ expected }) => expected) && <Area dataKey="expected" stroke="none" fill="var(--forecast)" fillOpacity={0.12} isAnimationActive={false} activeDot={false} connectNulls={false} />}
        <Area dataKey="interval" stroke="none" fill="var(--forecast)" fillOpacity={0.16} isAnimationActive={false} activeDot={false} connectNulls={false} />
        {points.some(({ foreseen }) => typeof foreseen === "number") && <Line dataKey="foreseen" stroke="var(--forecast)" strokeWidth={1.3} dot={false} isAnimationActive={false} connectNulls={false} activeDot={false} />}
        <Line dataKey="actual" stroke="var(--actual)" strokeWidth={1.6} dot={false} isAnimationActive={false} connectNulls={false} />
        <Line dataKey="predicted" stroke="var(--forecast)" strokeWidth={1.8} strokeDasharray="5 4" dot={false} isAnimationActive={false} connectNulls={false} />
        {last?.interval && origin !== undefined && <ReferenceLine x={origin} stroke="var(--muted-foreground)" strokeOpacity={0.5} strokeDasharray="2 3" />}
        {last?.interval && (
          <ReferenceDot
            x={last.time}
            y={Math.min(above, top)}
            r={0}
            label={{ value: `${Math.round(level * 100)} %`, position: "top", textAnchor: "end", fill: "var(--muted-foreground)", fontSize: 10 }}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function PointNote({ point, unit }: { point: ChartPoint | undefined; unit: Unit }) {
  if (!point || (point.actual === null && point.predicted === null)) return null;
  return (
    <div className="rounded-md border bg-popover px-3 py-2 text-2xs shadow-lg">
      <p className="font-medium">{formatTime(point.time)}</p>
      <p className="mb-1 text-muted-foreground">{formatUtc(point.time)}</p>
      {point.actual !== null ? (
        <>
          <p><span className="text-muted-foreground">Measured</span> {formatValue(point.actual, unit)}</p>
          {typeof point.foreseen === "number" && <p><span className="text-muted-foreground">Forecast an hour before</span> {formatValue(point.foreseen, unit)}</p>}
          {point.expected && <p><span className="text-muted-foreground">Expected</span> {formatValue(point.expected[0], unit)} to {formatValue(point.expected[1], unit)}</p>}
        </>
      ) : (
        <>
          <p><span className="text-muted-foreground">Forecast</span> {formatValue(point.predicted, unit)}</p>
          {point.interval && (
            <p><span className="text-muted-foreground">Interval</span> {formatValue(point.interval[0], unit)} to {formatValue(point.interval[1], unit)}</p>
          )}
        </>
      )}
    </div>
  );
}
