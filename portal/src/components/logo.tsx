// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { cn } from "@/lib/cn";

/** What was, and the dots of what will be. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={cn("size-6", className)} aria-hidden>
      <rect width="24" height="24" rx="6" className="fill-foreground" />
      <path d="M4.500 15.500c3 0 3.500-7 6.500-7s3 4.500 5.500 4.500" fill="none" className="stroke-background" strokeWidth="2" strokeLinecap="round" />
      <path d="M16.500 13c1.500 0 2-1.500 3.200-3.500" fill="none" className="stroke-forecast" strokeWidth="2" strokeLinecap="round" strokeDasharray="0.500 3" />
    </svg>
  );
}
