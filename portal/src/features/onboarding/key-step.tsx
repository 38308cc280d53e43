// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation } from "@tanstack/react-query";
import { CopyBlock } from "@/components/copy-block";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { useMay } from "@/features/session/session";
import { call, client } from "@/lib/api/client";

/** The key of the sign-up while it is remembered, else a new one. */
export function KeyStep({ value, onCreated }: { value: string | null; onCreated: (key: string) => void }) {
  const may = useMay("admin");
  const create = useMutation({
    mutationFn: () => call(client.POST("/api/v1/api-keys", { body: { name: "First sender", scopes: ["read", "write"] } })),
    onSuccess: (made) => onCreated(made.key),
  });
  if (value !== null) {
    return (
      <>
        <CopyBlock text={value} what="the API key" />
        <p className="mt-2 text-2xs text-muted-foreground">It is shown this once. Keep it somewhere safe; the commands below hold it already.</p>
      </>
    );
  }
  if (!may) return <p className="text-[0.8125rem] text-muted-foreground">Ask an admin of your organization for a key.</p>;
  return (
    <div className="grid justify-items-start gap-3">
      <Button size="sm" onClick={() => create.mutate()} disabled={create.isPending}>Create a key</Button>
      {create.isError && <ErrorPanel compact error={create.error} />}
    </div>
  );
}
