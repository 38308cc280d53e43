// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartColumn, Table2 } from "lucide-react";
import { useRef, useState, type PointerEvent } from "react";
import { severityColor, SeverityLabel } from "@/components/severity";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { timeTicks } from "@/lib/chart/ticks";
import { cn } from "@/lib/cn";
import { formatCount } from "@/lib/format";
import { formatTick, formatTime } from "@/lib/time";
import { severities, type Span } from "./address";
import { spanOver, type Column } from "./timeline";

type TimelineChartProps = {
  columns: Column[];
  /** What is counted, for those who cannot see it. */
  title: string;
  /** The part that is chosen; null: none. */
  span?: Span | null;
  /** A click chooses a column, dragging several. */
  onChoose?: (span: Span) => void;
};

/** Anomalies over time, stacked by severity; the same as a table on demand. */
export function TimelineChart({ columns, title, span = null, onChoose }: TimelineChartProps) {
  const [table, setTable] = useState(false);
  return (
    <figure aria-label={title}>
      <figcaption className="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 text-muted-foreground">
        {severities.map((severity) => <SeverityLabel key={severity} severity={severity} />)}
        {onChoose && <span className="text-2xs max-md:hidden">drag to choose a time</span>}
        <Button variant="ghost" size="icon" className="ml-auto" aria-pressed={table} aria-label={table ? "Show as chart" : "Show as table"} onClick={() => setTable(!table)}>
          {table ? <ChartColumn /> : <Table2 />}
        </Button>
      </figcaption>
      {table ? <TimelineTable columns={columns} title={title} onChoose={onChoose} /> : <Columns columns={columns} span={span} onChoose={onChoose} />}
    </figure>
  );
}

function Columns({ columns, span, onChoose }: Pick<TimelineChartProps, "columns" | "onChoose"> & { span: Span | null }) {
  const place = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ one: number; other: number } | null>(null);
  const most = Math.max(...columns.map(({ total }) => total), 4);
  const [first, last] = [columns[0]?.from ?? 0, columns.at(-1)?.to ?? 0];
  const shown = drag ? spanOver(columns, drag.one, drag.other) : span;
  const at = ({ clientX }: PointerEvent) => {
    const { left, width } = place.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.min(columns.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * columns.length)));
  };
  const finish = () => {
    const chosen = drag && spanOver(columns, drag.one, drag.other);
    setDrag(null);
    if (chosen) onChoose?.(chosen);
  };
  return (
    <>
      <div
        ref={place}
        data-timeline
        className={cn("relative flex h-24 touch-pan-y items-end border-b pt-4 select-none", onChoose && "cursor-crosshair")}
        onPointerDown={(event) => {
          if (!onChoose || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ one: at(event), other: at(event) });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, other: at(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
      >
        <span className="pointer-events-none absolute top-0 left-0 text-2xs text-muted-foreground tabular-nums">{formatCount(most)}</span>
        {columns.map((column) => {
          const chosen = shown === null || (column.from >= shown.from && column.to <= shown.to);
          return (
            <div
              key={column.from}
              title={`${formatTime(column.from)}: ${formatCount(column.total)}`}
              className={cn("flex h-full min-w-0 flex-1 flex-col justify-end gap-px px-px transition-opacity", shown !== null && chosen && "bg-accent", !chosen && "opacity-35", onChoose && "hover:bg-accent")}
            >
              {severities.map((severity) => column.counts[severity] > 0 && (
                <span key={severity} className={cn("w-full rounded-[2px]", severityColor[severity])} style={{ height: `${(column.counts[severity] / most) * 100}%`, minHeight: 3 }} />
              ))}
            </div>
          );
        })}
      </div>
      <div className="relative mt-1.5 h-4 overflow-hidden text-2xs text-muted-foreground" aria-hidden>
        {timeTicks(first, last, 6).filter((tick) => (tick - first) / (last - first) < 0.92).map((tick) => (
          <span key={tick} className="absolute whitespace-nowrap" style={{ left: `${((tick - first) / (last - first)) * 100}%` }}>{label(tick, last - first)}</span>
        ))}
      </div>
    </>
  );
}

const DAY_MS = 86_400_000;

/** Days where the timeline spans several, the time of day where it does not. */
function label(tick: number, span: number): string {
  return span > 2 * DAY_MS ? new Date(tick).toLocaleDateString("en-GB", { day: "numeric", month: "short" }) : formatTick(tick, 0);
}

function TimelineTable({ columns, title, onChoose }: Pick<TimelineChartProps, "columns" | "title" | "onChoose">) {
  const rows = columns.filter(({ total }) => total > 0).reverse();
  if (rows.length === 0) return <p className="flex h-24 items-center justify-center text-2xs text-muted-foreground">None in this time.</p>;
  return (
    <div className="max-h-64 overflow-auto rounded-md border" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
      <table className="w-full text-left text-xs tabular-nums">
        <thead className="sticky top-0 bg-card text-2xs text-muted-foreground">
          <tr>
            {["From", ...severities].map((name) => <th key={name} scope="col" className="px-3 py-2 font-medium capitalize">{name}</th>)}
            {onChoose && <th scope="col" className="px-3 py-2"><span className="sr-only">Choose</span></th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ from, to, counts }) => (
            <tr key={from} className="border-t">
              <td className="px-3 py-1.5 whitespace-nowrap"><Time value={from} /></td>
              {severities.map((severity) => <td key={severity} className="px-3 py-1.5">{counts[severity]}</td>)}
              {onChoose && <td className="px-3 py-1 text-right"><Button variant="link" size="inline" className="text-2xs" onClick={() => onChoose({ from, to })}>List these</Button></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
