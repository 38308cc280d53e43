// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Tags } from "lucide-react";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { cardinality } from "@/lib/cardinality";
import { formatCount } from "@/lib/format";
import type { Filter } from "@/lib/label-filters";
import { useSeries } from "@/lib/queries/metrics";
import { SeriesAllowance } from "./series-allowance";

type CardinalityPanelProps = { metric: string; onFilter: (filter: Filter) => void };

/** How many series the plan allows, and which labels make many of one metric; a click on a value filters by it. */
export function CardinalityPanel(props: CardinalityPanelProps) {
  return (
    <>
      <SeriesAllowance />
      <LabelValues {...props} />
    </>
  );
}

function LabelValues({ metric, onFilter }: CardinalityPanelProps) {
  const found = useSeries(metric || undefined);
  if (found.isError) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <LoadingRows rows={3} />;
  const labels = cardinality(found.data.series);
  const total = found.data.series.length;
  const note = `${formatCount(total)} series${found.data.more ? ", the first of more" : ""}${metric ? "" : " of all metrics"}`;
  if (labels.length === 0) return <EmptyPanel title="No labels" icon={Tags}>{total === 0 ? "No series of it." : "Its one series has none."}</EmptyPanel>;
  return (
    <>
      <p className="px-4 py-2.5 text-2xs text-muted-foreground">{note}. A label with about as many values as there are series makes a series of each: an id, an address or a path does not belong in one.</p>
      <Table label="Values by label">
        <thead><tr><TableHead>Label</TableHead><TableHead className="text-right">Values</TableHead><TableHead className="text-right">Series</TableHead><TableHead>Most frequent</TableHead></tr></thead>
        <tbody>
          {labels.map(({ label, values, series, top }) => (
            <TableRow key={label}>
              <TableCell className="max-w-48 truncate font-mono text-xs" title={label}>{label}</TableCell>
              <TableCell className="text-right tabular-nums">{formatCount(values)}</TableCell>
              <TableCell className="text-right tabular-nums">{formatCount(series)}</TableCell>
              <TableCell>
                <span className="flex gap-1">
                  {top.map(({ value, series: count }) => (
                    <button
                      key={value}
                      type="button"
                      disabled={!metric}
                      title={`${label}="${value}"`}
                      onClick={() => onFilter({ label, operator: "=", value })}
                      className="max-w-40 truncate rounded border px-1.5 py-px font-mono text-2xs enabled:hover:bg-accent"
                    >
                      {value || "(empty)"} <span className="text-muted-foreground">{formatCount(count)}</span>
                    </button>
                  ))}
                </span>
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </>
  );
}
