// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ArrowLeft, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { PageHeader } from "@/components/page-header";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { useMay } from "@/features/session/session";
import { formatCount, formatShare, formatValue, unitOf } from "@/lib/format";
import { seriesName } from "@/lib/series";
import { ConnectCard } from "./connect-card";
import { LoadCard } from "./load-card";
import { ReplayCard } from "./replay-card";
import { TargetDialog } from "./target-dialog";
import { Saving } from "./target-list";
import { ModeBadge } from "./target-state";
import { useDeleteTarget, useTarget, type Target } from "./targets";

/** One target: what it is advised and why, its schedule ahead, the replay, and how to act on it. */
export function TargetDetail({ id }: { id: string }) {
  const found = useTarget(id);
  return (
    <>
      <Link href="/scaling" className="mb-2 inline-flex items-center gap-1.5 text-2xs text-muted-foreground hover:text-foreground"><ArrowLeft className="size-3.5" aria-hidden /> Scaling</Link>
      {found.isError ? <><PageHeader title="Scaling target" /><Card><ErrorPanel error={found.error} onRetry={() => void found.refetch()} /></Card></>
        : !found.data ? <><PageHeader title="Scaling target" /><LoadingBlock className="h-96" /></>
        : <Loaded target={found.data} />}
    </>
  );
}

function Loaded({ target }: { target: Target }) {
  const may = useMay("admin");
  const router = useRouter();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const remove = useDeleteTarget();
  const load = seriesName(target.metric, target.labels ?? {});
  return (
    <>
      <PageHeader
        title={target.name}
        description={load}
        actions={may && (
          <>
            <Button variant="outline" size="sm" onClick={() => setOpen("edit")}><Pencil /> Edit</Button>
            <Button variant="ghost" size="icon" aria-label="Delete target" className="text-muted-foreground" onClick={() => setOpen("delete")}><Trash2 /></Button>
          </>
        )}
      />
      <div className="grid grid-cols-1 gap-4">
        {target.failure && (
          <p role="status" className="rounded-md border border-destructive/30 bg-destructive/5 px-3 py-2.5 text-sm break-words first-letter:uppercase">
            {target.failure.detail}. <span className="text-muted-foreground">Autoscalers get an error meanwhile, and leave the replicas as they are.</span> <code className="text-2xs text-muted-foreground">{target.failure.code}</code>
          </p>
        )}
        <Figures target={target} />
        <LoadCard target={target} />
        <ReplayCard target={target} />
        <ConnectCard target={target} />
      </div>
      {open === "edit" && <TargetDialog target={target} onClose={() => setOpen(null)} onSaved={() => setOpen(null)} />}
      {open === "delete" && (
        <ConfirmDialog title={`Delete ${target.name}?`} action="Delete target" mutation={remove} onConfirm={() => remove.mutate(target.id, { onSuccess: () => router.push("/scaling") })} onClose={() => { setOpen(null); remove.reset(); }}>
          Its history of advice goes with it, and an autoscaler that asks for it gets an error.
        </ConfirmDialog>
      )}
    </>
  );
}

function Figures({ target }: { target: Target }) {
  const { advice, failure, metric } = target;
  const known = advice && !failure ? advice : null;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border lg:grid-cols-4">
      <Figure title="Replicas advised" note={known ? (known.replicas === known.needed_replicas ? "as the present load needs" : `the present load needs ${formatCount(known.needed_replicas)}`) : target.enabled === false ? "the target is disabled" : "the first within 70 s of a known load"}>
        {known ? formatCount(known.replicas) : "–"}<span className="text-sm font-normal text-muted-foreground"> of {formatCount(target.min_replicas ?? 1)} to {formatCount(target.max_replicas)}</span>
      </Figure>
      <Figure title="Present load" note={known ? <>one replica serves {formatValue(target.per_replica_capacity, unitOf(metric))} · <Time value={known.time} relative /></> : `one replica serves ${formatValue(target.per_replica_capacity, unitOf(metric))}`}>
        {formatValue(known?.load, unitOf(metric))}
      </Figure>
      <Figure title="Mode" note={target.mode === "shadow" ? "advice is recorded, nobody is told" : "autoscalers and channels are told"}><ModeBadge target={target} /></Figure>
      <Figure title="Replica-hours against the best HPA" note={`tolerated loss ${formatShare(target.max_violation_ratio)} of the load`}><span className="text-base"><Saving target={target} /></span></Figure>
    </dl>
  );
}

function Figure({ title, note, children }: { title: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-card px-4 py-3">
      <dt className="text-2xs text-muted-foreground">{title}</dt>
      <dd className="mt-1 flex min-h-7 items-center gap-1.5 text-xl font-semibold tracking-tight tabular-nums">{children}</dd>
      <dd className="text-2xs text-muted-foreground">{note}</dd>
    </div>
  );
}
