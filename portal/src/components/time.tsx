// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useEffect, useState } from "react";
import { formatRelative, formatTime, formatUtc, toMs } from "@/lib/time";

/** A moment in the viewer's zone, or relative to now; UTC on hover. */
export function Time({ value, relative = false, className }: { value: string | number; relative?: boolean; className?: string }) {
  const now = useNow(relative ? 10_000 : null);
  const ms = toMs(value);
  const title = relative ? `${formatTime(ms)} · ${formatUtc(ms)}` : formatUtc(ms);
  return (
    <time dateTime={Number.isNaN(ms) ? undefined : new Date(ms).toISOString()} title={title} className={className}>
      {relative ? formatRelative(ms, now) : formatTime(ms)}
    </time>
  );
}

/** The time, anew every `everyMs`; null never renews it. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
