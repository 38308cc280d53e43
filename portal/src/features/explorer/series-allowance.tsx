// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { allowanceText, fullness } from "@/lib/allowance";
import { cn } from "@/lib/cn";
import { formatCount } from "@/lib/format";
import { useUsage } from "@/lib/queries/usage";

/** How many series the organization has active of those that its plan allows, and what happens beyond. Nothing while that is unknown. */
export function SeriesAllowance() {
  const usage = useUsage();
  if (!usage.data) return null;
  const { active_series: active, plan } = usage.data;
  const full = fullness(active);
  return (
    <div className="border-b px-4 py-3" role="group" aria-label="Active series of the plan">
      <p className="flex flex-wrap items-baseline gap-x-2 text-[0.8125rem]">
        <span className="font-medium tabular-nums">{formatCount(active.used)} active series</span>
        <span className="text-2xs text-muted-foreground">{allowanceText(active)}{full && ` in the ${plan} plan`} · with a sample in the last hour</span>
      </p>
      {full && (
        <div className="mt-2 h-1 max-w-md overflow-hidden rounded-full bg-muted" aria-hidden>
          <span
            className={cn("block h-1", active.used > 0 && "min-w-0.5", full.level === "calm" ? "bg-actual" : full.level === "near" ? "bg-forecast" : "bg-destructive")}
            style={{ width: `${Math.min(100, full.share * 100)}%` }}
          />
        </div>
      )}
      {full && full.level !== "calm" && (
        <p className="mt-2 flex items-start gap-2 text-2xs" role="status">
          <TriangleAlert className={cn("size-3.5 shrink-0", full.level === "over" ? "text-destructive" : "text-forecast")} aria-hidden />
          <span>
            {full.level === "over" ? "The plan’s limit is reached: samples of new series are refused." : "Close to the plan’s limit: beyond it samples of new series are refused."}{" "}
            Those that exist go on. A label below with many values is where to save; a <Link prefetch={false} href="/settings/billing" className="underline underline-offset-4">larger plan</Link> allows more.
          </span>
        </p>
      )}
    </div>
  );
}
