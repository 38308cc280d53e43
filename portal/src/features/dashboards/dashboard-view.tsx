// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ArrowLeft, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { PageHeader } from "@/components/page-header";
import { RangeBar } from "@/components/range-bar";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { useMay } from "@/features/session/session";
import { ChartGrid } from "./chart-grid";
import { DashboardEditor } from "./dashboard-editor";
import { useDashboard, useDeleteDashboard, type Dashboard } from "./dashboards";
import { inOrder } from "./grid";
import { ranges, readHours } from "./ranges";

/** One dashboard, as it is saved or while it is composed. */
export function DashboardView({ id }: { id: string }) {
  const found = useDashboard(id);
  const may = useMay("member");
  const query = useSearchParams();
  const hours = readHours(query.get("hours"));
  const editing = query.get("edit") === "1" && may;
  const go = (change: { hours?: number | null; edit?: boolean }) => {
    const next = new URLSearchParams({ id });
    const wanted = change.hours === undefined ? hours : change.hours;
    if (wanted !== null) next.set("hours", String(wanted));
    if (change.edit ?? editing) next.set("edit", "1");
    history.replaceState(null, "", `?${next}`);
  };
  const range = <RangeBar ranges={ranges} isChosen={(each) => each.hours === hours} onChoose={(chosen) => go({ hours: chosen.hours })} />;
  return (
    <>
      <Link href="/dashboards" className="mb-2 inline-flex items-center gap-1.5 text-2xs text-muted-foreground hover:text-foreground"><ArrowLeft className="size-3.5" aria-hidden /> Dashboards</Link>
      {/* What is being composed stays, whatever becomes of reading the saved one again. */}
      {found.data ? (
        editing ? <DashboardEditor saved={found.data} hours={hours} range={range} onRead={async () => (await found.refetch({ throwOnError: true })).data as Dashboard} onClose={() => go({ edit: false })} />
          : <Shown dashboard={found.data} hours={hours} range={range} onEdit={may ? () => go({ edit: true }) : undefined} />
      ) : found.isError ? <><PageHeader title="Dashboard" /><Card><ErrorPanel error={found.error} onRetry={() => void found.refetch()} /></Card></>
        : <><PageHeader title="Dashboard" /><LoadingBlock className="h-96" /></>}
    </>
  );
}

function Shown({ dashboard, hours, range, onEdit }: { dashboard: Dashboard; hours: number | null; range: React.ReactNode; onEdit?: () => void }) {
  const router = useRouter();
  const remove = useDeleteDashboard();
  const [deleting, setDeleting] = useState(false);
  const { id, name, charts, shared } = dashboard;
  return (
    <>
      <PageHeader
        title={name}
        description={shared ? "Shared in the organization" : "Not shared: you see it, and admins"}
        actions={(
          <div className="flex flex-wrap items-center gap-2">
            {charts.length > 0 && range}
            {onEdit && <Button variant="outline" size="sm" onClick={onEdit}><Pencil /> Edit</Button>}
            {onEdit && <Button variant="ghost" size="icon" aria-label="Delete dashboard" className="text-muted-foreground" onClick={() => setDeleting(true)}><Trash2 /></Button>}
          </div>
        )}
      />
      {charts.length === 0
        ? <Card><EmptyPanel title="No charts yet" action={onEdit && <Button size="sm" onClick={onEdit}>Add charts</Button>}>{onEdit ? "Add those that belong together." : "Nobody has added one."}</EmptyPanel></Card>
        : <ChartGrid charts={inOrder(charts)} hours={hours} />}
      {deleting && (
        <ConfirmDialog title={`Delete ${name}?`} action="Delete dashboard" mutation={remove} onConfirm={() => remove.mutate(id, { onSuccess: () => router.push("/dashboards") })} onClose={() => { setDeleting(false); remove.reset(); }}>
          {shared ? "It is gone for everyone of the organization. The metrics stay." : "Its charts are gone. The metrics stay."}
        </ConfirmDialog>
      )}
    </>
  );
}
