// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import Link from "next/link";
import { SeverityLabel } from "@/components/severity";
import { Time } from "@/components/time";
import { TableCell, TableRow } from "@/components/ui/table";
import type { Labels, Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { formatValue } from "@/lib/format";
import { seriesName } from "@/lib/series";
import type { Status } from "./address";
import { RowActions, StatusBadge } from "./status-actions";
import { departureText, durationText, judgedUnit } from "./words";

type AnomalyRowProps = {
  anomaly: Schema<"Anomaly">;
  now: number;
  href: string;
  /** The one that keys act on. */
  current: boolean;
  onCurrent: () => void;
  onChange?: (status: Status) => void;
};

export function AnomalyRow({ anomaly, now, href, current, onCurrent, onChange }: AnomalyRowProps) {
  const { id, metric, labels, value, expected_value, anomaly_score, severity, started_at, ended_at, status } = anomaly;
  const unit = judgedUnit(metric);
  const settled = status === "resolved" || status === "false_positive";
  return (
    <TableRow className={cn("group", current && "bg-accent hover:bg-accent", settled && "text-muted-foreground")} aria-current={current || undefined} onFocus={onCurrent}>
      <TableCell className={cn("w-24 max-md:w-20 max-md:pr-0", current && "shadow-[inset_2px_0_0_var(--ring)]")}><SeverityLabel severity={severity} /></TableCell>
      <TableCell className="w-full max-w-0 min-w-40 max-md:py-2.5">
        <SeriesLink id={id} href={href} metric={metric} labels={labels} />
        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-muted-foreground md:hidden">
          <span>{formatValue(value, unit)}, expected {formatValue(expected_value, unit)}</span> <Time value={started_at} relative /> <StatusBadge status={status} />
        </p>
      </TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums max-md:hidden" title={departureText(value, expected_value)}>{formatValue(value, unit)}</TableCell>
      <TableCell className="text-right whitespace-nowrap text-muted-foreground tabular-nums max-md:hidden">{formatValue(expected_value, unit)}</TableCell>
      <TableCell className="text-right tabular-nums max-lg:hidden">{anomaly_score.toFixed(2)}</TableCell>
      <TableCell className="whitespace-nowrap max-md:hidden"><Time value={started_at} relative /></TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground max-lg:hidden">{durationText({ started_at, ended_at }, now)}</TableCell>
      <TableCell className="max-md:hidden"><StatusBadge status={status} /></TableCell>
      {onChange && <TableCell className="w-28 max-md:hidden"><RowActions status={status} name={seriesName(metric, labels)} onChange={onChange} /></TableCell>}
    </TableRow>
  );
}

/** The metric, and its labels beneath; keys move the focus here. */
export function SeriesLink({ id, href, metric, labels }: { id: string; href: string; metric: string; labels: Labels }) {
  const written = seriesName("", labels);
  return (
    <Link prefetch={false} href={href} data-row={id} className="block min-w-0 rounded-sm underline-offset-4 outline-offset-2 hover:underline" title={seriesName(metric, labels)}>
      <span className="block truncate font-medium text-foreground">{metric}</span>
      {written && <span className="block truncate font-mono text-2xs text-muted-foreground">{written}</span>}
    </Link>
  );
}
