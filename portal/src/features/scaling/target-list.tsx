// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Plus, Scaling } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import { formatCount, formatShare, formatValue, unitOf } from "@/lib/format";
import { seriesName } from "@/lib/series";
import { formatMoney, priceOf } from "./money";
import { round, savedAMonth, verdictOf } from "./replay";
import { TargetDialog } from "./target-dialog";
import { ModeBadge } from "./target-state";
import { useTargets, type Target } from "./targets";

export function TargetList() {
  const may = useMay("admin");
  const router = useRouter();
  const found = useTargets();
  const [making, setMaking] = useState(false);
  const add = <Button size="sm" onClick={() => setMaking(true)}><Plus /> New target</Button>;
  return (
    <>
      <PageHeader title="Scaling" description="How many replicas each target should have, before its load needs them." actions={may && add} />
      <Card>
        {found.isError ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />
          : !found.data ? <LoadingRows />
          : found.data.data.length === 0 ? (
            <EmptyPanel title="No scaling targets yet" icon={Scaling} action={may && add}>
              A target names a load and what one replica serves of it. Its last days are replayed first, so that you see what it would save before anything is scaled by it.
              {!may && " An admin can make one."}
            </EmptyPanel>
          ) : (
            <Table label="Scaling targets">
              <thead>
                <tr>
                  <TableHead>Target</TableHead><TableHead className="text-right">Replicas</TableHead><TableHead>Mode</TableHead>
                  <TableHead className="text-right">Present load</TableHead><TableHead className="text-right">Replica-hours against the best HPA</TableHead>
                </tr>
              </thead>
              <tbody>{found.data.data.map((target) => <TargetRow key={target.id} target={target} />)}</tbody>
            </Table>
          )}
      </Card>
      {making && <TargetDialog onClose={() => setMaking(false)} onSaved={({ id }) => router.push(`/scaling?id=${id}`)} />}
    </>
  );
}

function TargetRow({ target }: { target: Target }) {
  const { id, name, metric, labels, advice, failure } = target;
  const load = seriesName(metric, labels ?? {});
  return (
    <TableRow>
      <TableCell className="max-w-80 min-w-36">
        <Link href={`/scaling?id=${id}`} className="block truncate font-medium underline-offset-4 hover:underline" title={name}>{name}</Link>
        <span className="block truncate font-mono text-2xs text-muted-foreground" title={load}>{load}</span>
      </TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums">
        {advice && !failure ? <><span className="font-medium">{formatCount(advice.replicas)}</span> <span className="text-muted-foreground">of {formatCount(target.max_replicas)}</span></>
          : <span className="text-muted-foreground">{failure ? "none" : target.enabled === false ? "–" : "within 70 s"}</span>}
      </TableCell>
      <TableCell><ModeBadge target={target} /></TableCell>
      <TableCell className="text-right tabular-nums">{failure ? <span className="text-destructive" title={failure.detail}>unknown</span> : formatValue(advice?.load, unitOf(metric))}</TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums"><Saving target={target} /></TableCell>
    </TableRow>
  );
}

/** The saving where there is one, and in grey what is none. */
export function Saving({ target }: { target: Target }) {
  const { replay } = target;
  if (!replay) return <span className="text-muted-foreground" title="Replayed with the first advice">–</span>;
  const price = priceOf(target);
  const { kind, text } = verdictOf(replay, target.max_violation_ratio ?? 0, price);
  if (kind === "unknown") return <span className="text-muted-foreground" title={text}>too early</span>;
  if (kind === "none") return <span className="text-muted-foreground" title={text}>no saving</span>;
  const share = formatShare(round(Math.abs(replay.saved_share)));
  if (replay.saved_share < 0) return <span className="text-muted-foreground" title={text}>{share} more{kind === "safer" ? ", loses less" : ""}</span>;
  const money = savedAMonth(replay, price);
  return (
    <span title={text}>
      <span className={kind === "saves" || kind === "safer" ? "text-success" : undefined}>{share} fewer</span>
      {(kind === "trade" || kind === "over") && <span className="text-muted-foreground">, loses more</span>}
      {money !== null && <span className="block text-2xs text-muted-foreground">{formatMoney(money, price.currency)} a month</span>}
    </span>
  );
}
