// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState, type FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { Button } from "@/components/ui/button";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";
import { sessionExpiry } from "@/lib/session-expiry";
import { Entrance } from "./entrance";

/** Where an invitation's link leads. The token stands behind "#", which no server and no log ever sees. */
export function JoinPage() {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => setToken(location.hash.slice(1)), []);
  const offer = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => call(client.POST("/api/v1/invitations/find", { body: { token: token ?? "" }, signal })),
    enabled: token !== null,
    retry: false,
    staleTime: Infinity,
  });
  return (
    <Entrance
      title={offer.data ? `Join ${offer.data.organization.name}` : "Join your team"}
      below={<>Already a member? <Button asChild variant="link" size="inline" className="text-[0.8125rem]"><Link href="/sign-in" prefetch={false}>Sign in</Link></Button></>}
    >
      {offer.isError ? <ErrorPanel error={offer.error} /> : !offer.data ? <LoadingBlock className="h-56" /> : <JoinForm offer={offer.data} token={token ?? ""} />}
    </Entrance>
  );
}

function JoinForm({ offer, token }: { offer: Schema<"InvitationOffer">; token: string }) {
  const router = useRouter();
  const queries = useQueryClient();
  const join = useMutation({
    mutationFn: (body: Schema<"Acceptance">) => call(client.POST("/api/v1/invitations/accept", { body })),
    onSuccess: async () => {
      sessionExpiry.renew();
      await queries.invalidateQueries({ queryKey: ["me"] });
      router.replace("/");
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    join.mutate({ token, name: String(fields.get("name")).trim(), password: String(fields.get("password")) });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <p className="text-[0.8125rem] text-muted-foreground">You were invited as {/^[aeiou]/.test(offer.role) ? "an" : "a"} <span className="text-foreground">{offer.role}</span>. You will sign in with this address.</p>
      <FormField label="E-mail" name="email" type="email" value={offer.email} readOnly autoComplete="username" className="bg-muted text-muted-foreground" />
      <FormField label="Your name" name="name" autoComplete="name" required maxLength={255} autoFocus />
      <FormField label="Password" name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={256} hint="At least 10 characters." />
      {join.isError && <ErrorPanel compact error={join.error} />}
      <Button type="submit" disabled={join.isPending}>{join.isPending ? "Joining…" : "Join"}</Button>
    </form>
  );
}
