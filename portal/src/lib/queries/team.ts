// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";

/** The organization's people; the first thousand. */
export function useTeam() {
  return useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/users", { params: { query: { limit: 1000 } }, signal })),
  });
}
