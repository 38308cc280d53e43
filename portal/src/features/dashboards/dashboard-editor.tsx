// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Plus } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { EmptyPanel, ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { asApiError } from "@/lib/api/error";
import { ChartDialog } from "./chart-dialog";
import { ChartGrid } from "./chart-grid";
import { ConflictPanel } from "./conflict-panel";
import { useSaveDashboard, type Dashboard } from "./dashboards";
import { changeOf, draftOf, isChanged, MOST_CHARTS, withChart, type Draft } from "./draft";

type DashboardEditorProps = {
  saved: Dashboard;
  hours: number | null;
  range: ReactNode;
  /** Reads what is saved now. */
  onRead: () => Promise<Dashboard>;
  onClose: () => void;
};

/** Composes a dashboard apart from what is saved, until it is saved or discarded. */
export function DashboardEditor({ saved, hours, range, onRead, onClose }: DashboardEditorProps) {
  const [from, setFrom] = useState(saved);
  const [draft, setDraft] = useState<Draft>(() => draftOf(saved));
  const [chart, setChart] = useState<number | "new" | null>(null);
  const save = useSaveDashboard(saved.id);
  const changed = isChanged(draft, from);
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [changed]);

  const write = (version: number) => save.mutate(changeOf(draft, version), { onSuccess: onClose });
  const read = async () => {
    const now = await onRead();
    save.reset();
    setFrom(now);
    return now;
  };
  const conflict = save.isError && asApiError(save.error).code === "dashboards.changed";
  return (
    <>
      <h1 className="sr-only">Edit {saved.name}</h1>
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Input aria-label="Name" value={draft.name} maxLength={255} required className="w-72 font-semibold max-sm:w-full" onChange={(event) => setDraft({ ...draft, name: event.target.value })} />
        <label className="inline-flex items-center gap-2 text-[0.8125rem]">
          <input type="checkbox" className="size-4 accent-foreground" checked={draft.shared} onChange={(event) => setDraft({ ...draft, shared: event.target.checked })} /> Share in the organization
        </label>
        <div className="ml-auto flex items-center gap-2">
          <Button variant="ghost" size="sm" onClick={onClose}>{changed ? "Discard" : "Close"}</Button>
          <Button size="sm" onClick={() => write(from.version)} disabled={!changed || save.isPending || draft.name.trim() === ""}>Save</Button>
        </div>
      </div>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        {range}
        <Button variant="outline" size="sm" onClick={() => setChart("new")} disabled={draft.charts.length >= MOST_CHARTS}><Plus /> Add chart</Button>
      </div>
      {conflict ? <ConflictPanel onTake={async () => setDraft(draftOf(await read()))} onOverwrite={async () => write((await read()).version)} />
        : save.isError && <ErrorPanel compact error={save.error} className="mb-4" />}
      {draft.charts.length === 0
        ? <Card><EmptyPanel title="No charts yet" action={<Button size="sm" onClick={() => setChart("new")}><Plus /> Add chart</Button>}>Each shows a metric, alone or by its labels.</EmptyPanel></Card>
        : (
          <ChartGrid
            charts={draft.charts}
            hours={hours}
            editing={{
              onArrange: (charts) => setDraft({ ...draft, charts }),
              onEdit: setChart,
              onRemove: (index) => setDraft({ ...draft, charts: draft.charts.filter((_, at) => at !== index) }),
            }}
          />
        )}
      {chart !== null && (
        <ChartDialog
          chart={chart === "new" ? undefined : draft.charts[chart]}
          onClose={() => setChart(null)}
          onDone={(fields) => {
            setDraft(chart === "new" ? withChart(draft, fields) : { ...draft, charts: draft.charts.map((each, at) => (at === chart ? { ...each, ...fields } : each)) });
            setChart(null);
          }}
        />
      )}
    </>
  );
}
