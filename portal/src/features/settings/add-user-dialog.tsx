// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useState, type FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { type Role } from "@/lib/permissions";
import { RoleField } from "./role-field";
import { useAddUser } from "./team";

export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const add = useAddUser();
  const [role, setRole] = useState<Role>("member");

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name)).trim();
    add.mutate({ name: text("name"), email: text("email"), role, password: String(fields.get("password")) }, { onSuccess: onClose });
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <form onSubmit={submit} className="grid gap-4">
          <div className="grid gap-1">
            <DialogTitle>Add a person</DialogTitle>
            <DialogDescription>They sign in with the address and the password that you hand them.</DialogDescription>
          </div>
          <FormField label="Name" name="name" required maxLength={255} autoFocus />
          <FormField label="E-mail" name="email" type="email" required maxLength={255} autoComplete="off" />
          <FormField label="First password" name="password" type="password" required minLength={10} maxLength={256} autoComplete="new-password" hint="At least 10 characters." />
          <RoleField value={role} onChange={setRole} />
          {add.isError && <ErrorPanel compact error={add.error} />}
          <DialogFooter>
            <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
            <Button type="submit" size="sm" disabled={add.isPending}>Add person</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
