// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartColumn, Table2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { formatCount, formatNumber } from "@/lib/format";

type DailyChartProps = { title: string; days: { date: string; value: number }[] };

/** "2026-01-03" as "3 Jan": a day of UTC, whatever the viewer's zone. */
function dayName(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** A bar for each day of the month so far; the same as a table on demand. */
export function DailyChart({ title, days }: DailyChartProps) {
  const [table, setTable] = useState(false);
  const most = Math.max(1, ...days.map(({ value }) => value));
  return (
    <figure aria-label={title}>
      <figcaption className="mb-2 flex min-h-8 items-center text-2xs text-muted-foreground">
        <span>most: {formatNumber(Math.max(0, ...days.map(({ value }) => value)))}</span>
        <Button variant="ghost" size="icon" className="ml-auto" aria-pressed={table} aria-label={table ? `${title} as chart` : `${title} as table`} onClick={() => setTable(!table)}>
          {table ? <ChartColumn /> : <Table2 />}
        </Button>
      </figcaption>
      {table ? (
        <div className="h-44 overflow-y-auto">
          <Table label={title}>
            <thead><tr><TableHead>Day</TableHead><TableHead className="text-right">{title.split(" ")[0]}</TableHead></tr></thead>
            <tbody>{days.map(({ date, value }) => <TableRow key={date}><TableCell>{dayName(date)}</TableCell><TableCell className="text-right tabular-nums">{formatCount(value)}</TableCell></TableRow>)}</tbody>
          </Table>
        </div>
      ) : (
        <>
          <div className="flex h-40 items-end gap-0.5 border-b" role="img" aria-label={days.map(({ date, value }) => `${dayName(date)}: ${formatCount(value)}`).join(", ")}>
            {days.map(({ date, value }) => (
              <span key={date} className="group flex h-full min-w-0 flex-1 items-end" title={`${dayName(date)}: ${formatCount(value)}`}>
                <span className="block w-full rounded-t-sm bg-actual transition-opacity group-hover:opacity-75" style={{ height: value === 0 ? 0 : `max(2px, ${(value / most) * 100}%)` }} />
              </span>
            ))}
          </div>
          <div className="mt-1.5 flex justify-between text-2xs text-muted-foreground">
            <span>{dayName(days[0]?.date ?? "")}</span>
            {days.length > 1 && <span>{dayName(days.at(-1)?.date ?? "")}</span>}
          </div>
        </>
      )}
    </figure>
  );
}
