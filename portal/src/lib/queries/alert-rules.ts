// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";

export const ALERT_RULES = ["alert-rules"];

/** All rules with their state, read anew every `everyMs`; an organization has a thousand at most. */
export function useAlertRules(everyMs: number) {
  return useQuery({
    queryKey: ALERT_RULES,
    queryFn: ({ signal }) => call(client.GET("/api/v1/alert-rules", { params: { query: { limit: 1000 } }, signal })),
    refetchInterval: everyMs,
  });
}
