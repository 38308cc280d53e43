// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ErrorPanel } from "@/components/states";

/** What a mistake of the portal's own looks like. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return <ErrorPanel error={error} onRetry={reset} className="min-h-dvh" />;
}
