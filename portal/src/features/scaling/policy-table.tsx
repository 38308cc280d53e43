// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { formatCount, formatNumber, formatShare } from "@/lib/format";
import type { Price } from "./money";
import { policyRows, round, type Replay } from "./replay";

/** Replica-hours, violations and money of each policy. */
export function PolicyTable({ replay, price }: { replay: Replay; price: Price }) {
  return (
    <Table label="Policies">
      <thead>
        <tr>
          <TableHead>Policy</TableHead>
          <TableHead className="text-right">Replica-hours</TableHead>
          {price.hourly !== null && <TableHead className="text-right">Cost</TableHead>}
          <TableHead className="text-right">Load lost</TableHead>
          <TableHead className="text-right">Time short</TableHead>
          <TableHead className="text-right">Most replicas</TableHead>
        </tr>
      </thead>
      <tbody>
        {policyRows(replay, price).map(({ name, explanation, outcome, cost, shortTime, ours }) => (
          <TableRow key={name}>
            <TableCell className="min-w-44"><span className={cn("block", ours && "font-medium")}>{name}</span><span className="block text-2xs text-muted-foreground">{explanation}</span></TableCell>
            <TableCell className="text-right tabular-nums">{formatNumber(outcome.replica_hours)}</TableCell>
            {price.hourly !== null && <TableCell className="text-right tabular-nums">{cost}</TableCell>}
            <TableCell className="text-right tabular-nums">{formatShare(round(outcome.lost_load_share))}</TableCell>
            <TableCell className="text-right whitespace-nowrap tabular-nums">{formatShare(round(outcome.short_time_share))} <span className="text-muted-foreground">· {shortTime}</span></TableCell>
            <TableCell className="text-right tabular-nums">{formatCount(outcome.most_replicas)}</TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
