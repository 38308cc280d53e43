// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { GitCompareArrows } from "lucide-react";
import { useState } from "react";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";

type ConflictPanelProps = {
  /** What is saved takes the place of what was composed. */
  onTake: () => Promise<unknown>;
  /** What was composed takes the place of what is saved. */
  onOverwrite: () => Promise<unknown>;
};

/** Somebody else saved meanwhile: nothing is lost until one of both is chosen. */
export function ConflictPanel({ onTake, onOverwrite }: ConflictPanelProps) {
  const [error, setError] = useState<unknown>(null);
  const run = (action: () => Promise<unknown>) => () => { setError(null); action().catch(setError); };
  return (
    <div role="alert" className="mb-4 grid gap-3 rounded-md border border-forecast/40 bg-forecast/5 px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <GitCompareArrows className="size-4 shrink-0" aria-hidden />
        <p className="min-w-0 flex-1 basis-72">Somebody else changed this dashboard meanwhile. Yours is still here and not saved.</p>
        <Button variant="outline" size="sm" onClick={run(onTake)}>Take theirs</Button>
        <Button variant="destructive" size="sm" onClick={run(onOverwrite)}>Save mine over it</Button>
      </div>
      {error !== null && <ErrorPanel compact error={error} />}
    </div>
  );
}
