// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";

export type Severity = Schema<"Severity">;

export const severityColor: Record<Severity, string> = {
  low: "bg-severity-low",
  medium: "bg-severity-medium",
  high: "bg-severity-high",
  critical: "bg-severity-critical",
};

/** A dot and the word: colour alone tells nothing to some. */
export function SeverityLabel({ severity, className }: { severity: Severity; className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-1.5 text-2xs font-medium capitalize", className)}>
      <span className={cn("size-2 rounded-full", severityColor[severity])} aria-hidden />
      {severity}
    </span>
  );
}
