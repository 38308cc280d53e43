// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { formatCount, formatShare } from "@/lib/format";
import type { Schema } from "@/lib/api/types";

type Allowance = Schema<"Allowance">;

/** How full an allowance is: calm below 80 %, near its end below 100 %, then over. Null where there is no end. */
export function fullness({ used, included }: Allowance): { share: number; level: "calm" | "near" | "over" } | null {
  if (included === null) return null;
  const share = used / included;
  return { share, level: share >= 1 ? "over" : share >= 0.8 ? "near" : "calm" };
}

/** What stands below an allowance: "12 % of 10,000", or that there is no limit. */
export function allowanceText(allowance: Allowance): string {
  if (allowance.included === null) return "no limit";
  const share = allowance.used / allowance.included;
  return `${share > 0 && share < 0.001 ? "under 0.1 %" : formatShare(share)} of ${formatCount(allowance.included)}`;
}

/**
 * What the month will come to at the pace so far; null before a day is over, when a pace says nothing.
 * `start`, `end` and `now` in milliseconds.
 */
export function projected(used: number, start: number, end: number, now: number): number | null {
  const passed = now - start;
  if (passed < 86_400_000) return null;
  return Math.round((used * (end - start)) / passed);
}
