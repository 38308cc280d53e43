// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { cn } from "@/lib/cn";
import { againstNaive } from "@/lib/models";

/** Up to here a model that loses to the naive guess serves nevertheless. */
const TOLERATED = 1.05;

/** The error over the naive guess', with its meaning on hover; green below one, red where it would be withdrawn. */
export function Mase({ value, className }: { value: number | null | undefined; className?: string }) {
  if (value === null || value === undefined) return <span className={cn("text-muted-foreground", className)} title={againstNaive(value)}>–</span>;
  return (
    <span className={cn("tabular-nums", value < 1 ? "text-success" : value > TOLERATED ? "text-destructive" : "", className)} title={againstNaive(value)}>
      {value.toFixed(2)}<span className="sr-only">, {againstNaive(value)}</span>
    </span>
  );
}
