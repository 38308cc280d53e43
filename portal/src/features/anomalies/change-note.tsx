// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useEffect } from "react";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { actions } from "./status-actions";
import type { AnomalyChange } from "./use-status-change";
import { statusNames } from "./words";

const SHOWN_MS = 10_000;

type ChangeNoteProps = {
  change: { variables: AnomalyChange | undefined; isIdle: boolean; isError: boolean; error: unknown; submittedAt: number; mutate: (change: AnomalyChange) => void; reset: () => void };
};

/** What was just changed, with a way back; or that it was not, with another try. */
export function ChangeNote({ change: { variables, isIdle, isError, error, submittedAt, mutate, reset } }: ChangeNoteProps) {
  useEffect(() => {
    if (isIdle || isError) return;
    const timer = setTimeout(reset, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isIdle, isError, submittedAt, reset]);
  const { name = "", status = "open", before = "open" } = variables ?? {};
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-40 flex justify-center px-4">
      {!isIdle && variables && (
        <div className="pointer-events-auto w-full max-w-xl animate-appear rounded-lg border bg-popover px-4 py-3 text-[0.8125rem] shadow-xl">
          <div className="flex items-start gap-3">
            <p className="min-w-0 flex-1 break-words">
              <span className="font-medium">{isError ? "Not changed" : statusNames[status]}</span>
              <span className="text-muted-foreground"> · {name}</span>
              {!isError && status === "false_positive" && <span className="block text-2xs text-muted-foreground">{actions.false_positive.meaning}</span>}
            </p>
            {!isError && <Button variant="outline" size="sm" className="h-7" onClick={() => mutate({ ...variables, before: status, status: before })}>Undo</Button>}
            {isError && <Button variant="ghost" size="sm" className="h-7" onClick={reset}>Close</Button>}
          </div>
          {isError && <ErrorPanel compact className="mt-2" error={error} onRetry={() => mutate(variables)} />}
        </div>
      )}
    </div>
  );
}
