// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { History } from "lucide-react";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time, useNow } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import type { Schema } from "@/lib/api/types";
import { formatDuration } from "@/lib/format";
import { useChangeJob, useTrainingJobs } from "./models";
import { isPending, outcome, secondsOf, subject } from "./training-jobs";

/** Trainings that wait, run or are at their end. `may`: cancel and queue again. */
export function JobsCard({ may }: { may: boolean }) {
  const jobs = useTrainingJobs();
  const change = useChangeJob();
  return (
    <Card>
      <CardHeader><CardTitle>Trainings</CardTitle></CardHeader>
      {change.isError && <ErrorPanel compact error={change.error} className="m-3" />}
      {jobs.isError ? <ErrorPanel error={jobs.error} onRetry={() => void jobs.refetch()} />
        : !jobs.data ? <LoadingRows rows={3} />
        : jobs.data.length === 0 ? <EmptyPanel title="No training yet" icon={History}>Each metric with two days of history is trained at night, and whenever you ask for it.</EmptyPanel>
        : (
          <ul className="max-h-[32rem] divide-y overflow-y-auto" tabIndex={0} aria-label="Trainings">
            {jobs.data.map((job) => <JobRow key={job.id} job={job} onChange={may ? () => change.mutate(job) : undefined} />)}
          </ul>
        )}
    </Card>
  );
}

const STATUS = { queued: "default", running: "warning", succeeded: "success", failed: "destructive", dead: "destructive", cancelled: "default" } as const;

function JobRow({ job, onChange }: { job: Schema<"Job">; onChange?: () => void }) {
  const pending = isPending(job);
  const now = useNow(job.status === "running" ? 1_000 : null);
  const seconds = secondsOf(job, now);
  const name = subject(job);
  const notes = [outcome(job), pending && job.progress_note !== name ? job.progress_note : "", job.seconds_left !== null ? `about ${formatDuration(job.seconds_left)} left` : "", seconds !== null && !pending ? `took ${seconds === 0 ? "under 1 s" : formatDuration(seconds)}` : ""].filter(Boolean);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[0.8125rem]">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="max-w-full truncate font-medium" title={name}>{name}</span>
        <Badge variant={STATUS[job.status]}>{job.status}</Badge>
        <span className="text-2xs text-muted-foreground">{notes.join(" · ")}</span>
      </div>
      <div className="flex items-center gap-3">
        <Time value={job.created_at} relative className="text-2xs whitespace-nowrap text-muted-foreground" />
        {onChange && job.status !== "succeeded" && <Button variant="ghost" size="sm" onClick={onChange}>{pending ? "Cancel" : "Queue again"}</Button>}
      </div>
      {job.status === "running" && (
        <div role="progressbar" aria-label={`Progress of ${name}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(job.progress * 100)} className="col-span-2 h-1 overflow-hidden rounded-full bg-muted">
          <div className="h-full rounded-full bg-forecast transition-[width]" style={{ width: `${job.progress * 100}%` }} />
        </div>
      )}
      {job.error && job.status !== "succeeded" && (
        <p className="col-span-2 text-2xs break-words text-muted-foreground">
          <code>{job.error.code}</code>: {job.error.detail}{job.status === "queued" && job.run_at && <> · again <Time value={job.run_at} relative /></>}
        </p>
      )}
    </li>
  );
}
