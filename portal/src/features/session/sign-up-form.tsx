// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import type { FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { useSignUp } from "./session";

/** An organization and its owner. */
export function SignUpForm({ onSignedUp }: { onSignedUp: () => void }) {
  const signUp = useSignUp();

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name)).trim();
    signUp.mutate(
      { name: text("organization"), owner: { name: text("name"), email: text("email"), password: String(fields.get("password")) } },
      { onSuccess: onSignedUp },
    );
  };

  return (
    <form onSubmit={submit} className="grid gap-4">
      <FormField label="Organization" name="organization" autoComplete="organization" required maxLength={255} autoFocus placeholder="Acme Ltd" />
      <FormField label="Your name" name="name" autoComplete="name" required maxLength={255} />
      <FormField label="E-mail" name="email" type="email" autoComplete="username" required maxLength={255} />
      <FormField label="Password" name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={256} hint="At least 10 characters." />
      {signUp.isError && <ErrorPanel compact error={signUp.error} />}
      <Button type="submit" disabled={signUp.isPending}>
        {signUp.isPending ? "Creating…" : "Create organization"}
      </Button>
    </form>
  );
}
