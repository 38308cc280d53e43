// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Time } from "@/components/time";
import { formatValue, type Unit } from "@/lib/format";
import type { ChartRow } from "@/lib/chart/rows";

/** The chart's numbers, newest first: what was measured, and in italics what is forecast. */
export function SeriesTable({ rows, series, unit }: { rows: ChartRow[]; series: { name: string }[]; unit: Unit }) {
  const told = rows.filter(({ measured, predicted }) => [...measured, ...predicted].some((value) => value !== null)).reverse();
  return (
    <div className="h-full overflow-auto rounded-md border" tabIndex={0} role="region" aria-label="Samples, as a table">
      <table className="w-full text-left text-xs tabular-nums">
        <thead className="sticky top-0 bg-card text-2xs text-muted-foreground">
          <tr>
            <th scope="col" className="px-3 py-2 font-medium">Time</th>
            {series.map(({ name }) => <th key={name} scope="col" className="max-w-56 truncate px-3 py-2 font-medium" title={name}>{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {told.map(({ time, measured, predicted }) => (
            <tr key={time} className="border-t">
              <td className="px-3 py-1.5 whitespace-nowrap"><Time value={time} /></td>
              {series.map(({ name }, index) => (
                <td key={name} className="px-3 py-1.5 whitespace-nowrap">
                  {typeof measured[index] === "number" ? formatValue(measured[index], unit)
                    : typeof predicted[index] === "number" ? <em className="text-muted-foreground">{formatValue(predicted[index], unit)}</em> : "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
