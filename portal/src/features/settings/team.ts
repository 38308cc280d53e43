// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";

const USERS = ["users"];

export function useAddUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"NewUser">) => call(client.POST("/api/v1/users", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: USERS }),
  });
}

/** A changed role ends that person's sessions. */
export function useChangeRole() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, role }: { id: string; role: Schema<"Role"> }) => call(client.PATCH("/api/v1/users/{id}", { params: { path: { id } }, body: { role } })),
    onSettled: () => queries.invalidateQueries({ queryKey: USERS }),
  });
}

export function useRemoveUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/users/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: USERS }),
  });
}

const INVITATIONS = ["invitations"];

/** Open invitations, for those who may see them. */
export function useInvitations(enabled: boolean) {
  return useQuery({
    queryKey: INVITATIONS,
    queryFn: ({ signal }) => call(client.GET("/api/v1/invitations", { params: { query: { limit: 1000 } }, signal })),
    enabled,
  });
}

export function useInvite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"InvitationRequest">) => call(client.POST("/api/v1/invitations", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  });
}

export function useWithdrawInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/invitations/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  });
}
