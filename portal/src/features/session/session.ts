// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, client } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import type { Schema } from "@/lib/api/types";
import { mayDo, type Role } from "@/lib/permissions";
import { sessionExpiry } from "@/lib/session-expiry";
import { firstKey } from "./first-key";

const ME = ["me"];

/** Who is signed in, and where. */
export function useMe() {
  return useQuery({
    queryKey: ME,
    queryFn: ({ signal }) => call(client.GET("/api/v1/me", { signal })),
    staleTime: 60_000,
  });
}

/** Whether who is signed in has at least the role `least`; false until that is known. */
export function useMay(least: Role): boolean {
  return mayDo(useMe().data?.user?.role, least);
}

/** Nobody was signed in when the page was opened, which is no failure. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"SignIn">) => call(client.POST("/api/v1/sessions", { body })),
    onSuccess: () => {
      sessionExpiry.renew();
      return queries.invalidateQueries();
    },
  });
}

/** Makes the organization and signs its owner in; keeps the first key for the onboarding, which shows it. */
export function useSignUp() {
  const signIn = useSignIn();
  return useMutation({
    mutationFn: async (body: Schema<"SignUp">) => {
      const made = await call(client.POST("/api/v1/organizations", { body }));
      firstKey.keep(made.api_key.key);
      const { email, password } = body.owner;
      await signIn.mutateAsync({ email, password, organization: made.organization.slug });
      return made;
    },
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => call(client.DELETE("/api/v1/sessions/current")),
    // The whole page goes, and with it whatever it remembered of this organization.
    onSettled: () => location.assign("/sign-in"),
  });
}
