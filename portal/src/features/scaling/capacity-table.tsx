// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Time } from "@/components/time";
import { formatCount, formatValue } from "@/lib/format";
import type { CapacityChartProps } from "./capacity-chart";

/** The chart's numbers, newest first; gaps are left out. */
export function CapacityTable({ title, rows, lines, unit }: Omit<CapacityChartProps, "capacity">) {
  const told = rows.filter(({ load, replicas }) => load !== null || replicas.some((each) => each !== null)).reverse();
  return (
    <div className="h-full overflow-auto rounded-md border" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
      <table className="w-full text-left text-xs tabular-nums">
        <thead className="sticky top-0 bg-card text-2xs text-muted-foreground">
          <tr>{["Time", "Load", ...lines.map(({ name }) => `${name}, replicas`)].map((name) => <th key={name} scope="col" className="px-3 py-2 font-medium whitespace-nowrap">{name}</th>)}</tr>
        </thead>
        <tbody>
          {told.map(({ time, load, replicas, short }) => (
            <tr key={time} className="border-t">
              <td className="px-3 py-1.5 whitespace-nowrap"><Time value={time} /></td>
              <td className="px-3 py-1.5 whitespace-nowrap">{formatValue(load, unit)}</td>
              {lines.map(({ name }, index) => <td key={name} className="px-3 py-1.5 whitespace-nowrap">{typeof replicas[index] === "number" ? formatCount(replicas[index]) : "–"}{short[index] && <span className="text-destructive"> short</span>}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
