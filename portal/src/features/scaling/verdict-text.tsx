// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { CircleCheck, CircleMinus, CircleHelp, TriangleAlert, type LucideIcon } from "lucide-react";
import { cn } from "@/lib/cn";
import type { Verdict, VerdictKind } from "./replay";

const MARKS: Record<VerdictKind, [LucideIcon, string]> = {
  saves: [CircleCheck, "text-success"],
  safer: [CircleCheck, "text-success"],
  trade: [TriangleAlert, "text-forecast"],
  over: [TriangleAlert, "text-forecast"],
  none: [CircleMinus, "text-muted-foreground"],
  dearer: [CircleMinus, "text-muted-foreground"],
  unknown: [CircleHelp, "text-muted-foreground"],
};

/** The saving, in a sentence. */
export function VerdictText({ verdict: { kind, text } }: { verdict: Verdict }) {
  const [Icon, color] = MARKS[kind];
  return <p className="flex max-w-3xl gap-2.5 text-sm"><Icon className={cn("mt-0.5 size-4 shrink-0", color)} aria-hidden /><span className="min-w-0 text-pretty">{text}</span></p>;
}
