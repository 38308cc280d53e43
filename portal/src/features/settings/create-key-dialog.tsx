// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId, type FormEvent } from "react";
import { CopyBlock } from "@/components/copy-block";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import type { Schema } from "@/lib/api/types";
import { useCreateApiKey } from "./api-keys";

type Scope = Schema<"Scope">;

const SCOPES: { scope: Scope; may: string; chosen: boolean }[] = [
  { scope: "read", may: "Query, predict, detect, recommend", chosen: true },
  { scope: "write", may: "Send samples, train, handle anomalies and rules", chosen: true },
  { scope: "admin", may: "People, keys and the organization", chosen: false },
];
const DAY_MS = 86_400_000;

/** Asks what the key is for, then shows it this once. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey();
  const expiry = useId();

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const days = Number(fields.get("days"));
    create.mutate({
      name: String(fields.get("name")).trim(),
      scopes: fields.getAll("scope") as Scope[],
      ...(days > 0 && { expires_at: new Date(Date.now() + days * DAY_MS).toISOString() }),
    });
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        {create.data ? (
          <>
            <DialogTitle>{create.data.name}</DialogTitle>
            <DialogDescription>Copy the key now: it is shown this once, and kept nowhere.</DialogDescription>
            <CopyBlock text={create.data.key} what="the API key" />
            <DialogFooter><Button size="sm" onClick={onClose}>I have it</Button></DialogFooter>
          </>
        ) : (
          <form onSubmit={submit} className="grid gap-4">
            <div className="grid gap-1">
              <DialogTitle>Create an API key</DialogTitle>
              <DialogDescription>One for each sender makes it easy to revoke.</DialogDescription>
            </div>
            <FormField label="Name" name="name" required maxLength={255} placeholder="Agent on db-1" autoFocus />
            <fieldset className="grid gap-2">
              <legend className="mb-2 text-[0.8125rem] font-medium">It may</legend>
              {SCOPES.map(({ scope, may, chosen }) => (
                <label key={scope} className="flex items-start gap-2.5 text-[0.8125rem]">
                  <input type="checkbox" name="scope" value={scope} defaultChecked={chosen} className="mt-0.5 size-4 accent-foreground" />
                  <span><span className="font-medium capitalize">{scope}</span> <span className="text-muted-foreground">· {may}</span></span>
                </label>
              ))}
            </fieldset>
            <div className="grid gap-1.5">
              <Label htmlFor={expiry}>Expires</Label>
              <Select id={expiry} name="days" defaultValue="0">
                <option value="0">Never</option>
                <option value="30">In 30 days</option>
                <option value="90">In 90 days</option>
                <option value="365">In a year</option>
              </Select>
            </div>
            {create.isError && <ErrorPanel compact error={create.error} />}
            <DialogFooter>
              <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
              <Button type="submit" size="sm" disabled={create.isPending}>Create key</Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
