// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";

/** What the plan allows, and what was used of it this month. */
export function useUsage() {
  return useQuery({
    queryKey: ["usage"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/billing/usage", { signal })),
    refetchInterval: 60_000,
  });
}
