// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Check, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export type StepState = "done" | "current" | "waiting" | "later";
const WORDS: Record<StepState, string> = { done: "done", current: "to do", waiting: "waiting", later: "later" };

/** One step of a list that is ticked off. */
export function Step({ number, title, state, children }: { number: number; title: string; state: StepState; children?: ReactNode }) {
  return (
    <li className={cn("rounded-lg border bg-card px-4 py-3.5", state === "later" && "bg-transparent")} data-state={state}>
      <div className="flex items-center gap-3">
        <span
          className={cn(
            "grid size-6 shrink-0 place-items-center rounded-full border text-2xs font-semibold tabular-nums",
            state === "done" && "border-success bg-success/10 text-success",
            state === "current" && "border-foreground",
            state === "waiting" && "border-forecast",
            state === "later" && "text-muted-foreground",
          )}
          aria-hidden
        >
          {state === "done" ? <Check className="size-3.5" /> : state === "waiting" ? <LoaderCircle className="size-3.5 animate-spin" /> : number}
        </span>
        <h2 className={cn("text-sm font-medium", state === "later" && "text-muted-foreground")}>
          {title}
          <span className="sr-only"> ({WORDS[state]})</span>
        </h2>
      </div>
      {children && <div className="mt-3 pl-9 max-sm:pl-0">{children}</div>}
    </li>
  );
}
