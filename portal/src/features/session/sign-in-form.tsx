// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useState, type FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { asApiError } from "@/lib/api/error";
import { useSignIn } from "./session";

type SignInFormProps = {
  onSignedIn: () => void;
  /** Who signs in again: fixed, for another's session must not take over the page. */
  email?: string;
  organization?: string;
};

/** Asks for the organization only where the address belongs to several. */
export function SignInForm({ onSignedIn, email, organization }: SignInFormProps) {
  const signIn = useSignIn();
  const [several, setSeveral] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const slug = organization ?? String(fields.get("organization") ?? "").trim();
    signIn.mutate(
      { email: email ?? String(fields.get("email")).trim(), password: String(fields.get("password")), ...(slug && { organization: slug }) },
      { onSuccess: onSignedIn, onError: (error) => setSeveral((was) => was || asApiError(error).code === "identity.several_organizations") },
    );
  };

  return (
    <form onSubmit={submit} className="grid gap-4">
      <FormField label="E-mail" name="email" type="email" autoComplete="username" required defaultValue={email} readOnly={email !== undefined} tabIndex={email === undefined ? undefined : -1} autoFocus={email === undefined} />
      <FormField label="Password" name="password" type="password" autoComplete="current-password" required autoFocus={email !== undefined} />
      {several && organization === undefined && (
        <FormField label="Organization" name="organization" required autoFocus hint="Its short name, one of those listed below." />
      )}
      {signIn.isError && <ErrorPanel compact error={signIn.error} />}
      <Button type="submit" disabled={signIn.isPending}>
        {signIn.isPending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
