// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { TableCell, TableRow } from "@/components/ui/table";
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { formatDuration, formatNumber, formatValue } from "@/lib/format";
import { seriesName } from "@/lib/series";
import { toMs } from "@/lib/time";
import { hrefOf, type Address, type Span } from "./address";
import { SeriesLink } from "./anomaly-row";
import { SeriesSparkline } from "./series-sparkline";
import { StatusBadge } from "./status-actions";
import { judgedUnit } from "./words";

type IncidentRowProps = {
  row: Schema<"RankedIncident">["series"][number];
  /** When the incident began. */
  began: number;
  window: Span;
  now: number;
  address: Address;
  current: boolean;
  onCurrent: () => void;
};

/** A series of an incident: an anomaly, which can be opened, or one that an alert rule fired for. */
export function IncidentRow({ row, began, window, now, address, current, onCurrent }: IncidentRowProps) {
  const { rank, id, metric, labels, value, expected_value, anomaly_score, excess, started_at, ended_at, severity, status } = row;
  const unit = judgedUnit(metric);
  const after = Math.max(0, toMs(started_at) - began) / 1000;
  return (
    <TableRow className={cn(current && "bg-accent hover:bg-accent")} aria-current={current || undefined} onFocus={onCurrent}>
      <TableCell className={cn("w-10 text-right max-md:pr-0 text-muted-foreground tabular-nums", current && "shadow-[inset_2px_0_0_var(--ring)]")}>{rank}</TableCell>
      <TableCell className="w-full max-w-0 min-w-36 max-md:py-2.5">
        {id !== null ? <SeriesLink id={id} href={hrefOf({ ...address, id, incident: null })} metric={metric} labels={labels} /> : (
          <span className="block min-w-0" title={seriesName(metric, labels)}>
            <span className="block truncate font-medium">{metric}</span>
            <span className="block truncate font-mono text-2xs text-muted-foreground">{seriesName("", labels)}</span>
          </span>
        )}
        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-muted-foreground md:hidden"><span>{formatValue(value, unit)}</span> <StatusBadge status={status} /></p>
      </TableCell>
      <TableCell className="max-md:pl-0"><SeriesSparkline metric={metric} labels={labels} window={window} odd={{ from: toMs(started_at), to: ended_at === null ? now : toMs(ended_at) }} severity={severity} /></TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums max-md:hidden">{formatValue(value, unit)}</TableCell>
      <TableCell className="text-right whitespace-nowrap text-muted-foreground tabular-nums max-md:hidden">{formatValue(expected_value, unit)}</TableCell>
      <TableCell className="text-right tabular-nums max-lg:hidden">{anomaly_score !== null ? anomaly_score.toFixed(2) : excess !== null ? formatNumber(excess) : "–"}</TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground max-lg:hidden">{after === 0 ? "at once" : formatDuration(after)}</TableCell>
      <TableCell className="max-md:hidden"><StatusBadge status={status} /></TableCell>
    </TableRow>
  );
}
