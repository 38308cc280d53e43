// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { useCreateDashboard } from "./dashboards";

/** Asks for a name, and leads to the empty dashboard, where charts are added. */
export function NewDashboardDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const create = useCreateDashboard();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    create.mutate(
      { name: String(fields.get("name")).trim(), shared: fields.get("shared") === "on" },
      { onSuccess: ({ id }) => router.push(`/dashboards?id=${id}&edit=1`) },
    );
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogTitle>New dashboard</DialogTitle>
        <DialogDescription>Charts are added next.</DialogDescription>
        <form onSubmit={submit} className="grid gap-4">
          <FormField label="Name" name="name" required maxLength={255} pattern=".*\S.*" placeholder="Night shift" autoFocus />
          <label className="flex items-start gap-2.5 text-[0.8125rem]">
            <input type="checkbox" name="shared" className="mt-0.5 size-4 accent-foreground" />
            <span><span className="font-medium">Share in the organization</span> <span className="text-muted-foreground">· everyone sees it, and members change it</span></span>
          </label>
          {create.isError && <ErrorPanel compact error={create.error} />}
          <DialogFooter>
            <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
            <Button type="submit" size="sm" disabled={create.isPending}>Create dashboard</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
