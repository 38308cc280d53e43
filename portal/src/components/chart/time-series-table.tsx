// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Time } from "@/components/time";
import type { ChartPoint } from "@/lib/chart/points";
import { formatValue, type Unit } from "@/lib/format";

/** A chart's numbers, newest first; gaps are left out. Of the past the forecast is the one that was made beforehand. */
export function TimeSeriesTable({ points, unit, title }: { points: ChartPoint[]; unit: Unit; title: string }) {
  const rows = points.filter(({ actual, predicted }) => actual !== null || predicted !== null).reverse();
  return (
    <div className="h-full overflow-auto rounded-md border" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
      <table className="w-full text-left text-xs tabular-nums">
        <thead className="sticky top-0 bg-card text-2xs text-muted-foreground">
          <tr>
            {["Time", "Measured", "Forecast", "Interval"].map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-medium">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ time, actual, predicted, interval, foreseen, expected }) => (
            <tr key={time} className="border-t">
              <td className="px-3 py-1.5 whitespace-nowrap"><Time value={time} /></td>
              <td className="px-3 py-1.5">{formatValue(actual, unit)}</td>
              <td className="px-3 py-1.5">{formatValue(foreseen ?? predicted, unit)}</td>
              <td className="px-3 py-1.5 whitespace-nowrap">{intervalText(expected ?? interval, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function intervalText(interval: [number, number] | null, unit: Unit): string {
  return interval ? `${formatValue(interval[0], unit)} to ${formatValue(interval[1], unit)}` : "–";
}
