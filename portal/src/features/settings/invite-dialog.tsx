// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useState, type FormEvent } from "react";
import { CopyBlock } from "@/components/copy-block";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { type Role } from "@/lib/permissions";
import { RoleField } from "./role-field";
import { useInvite } from "./team";

/** Asks who is invited, then shows the link this once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  const [role, setRole] = useState<Role>("member");

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    invite.mutate({ email: String(new FormData(event.currentTarget).get("email")).trim(), role });
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        {invite.data ? (
          <>
            <DialogTitle>Hand over this link</DialogTitle>
            <DialogDescription>
              Whoever opens it within 7 days joins as {invite.data.email}, once. It is shown this once, and kept nowhere.
            </DialogDescription>
            <CopyBlock text={`${location.origin}/join#${invite.data.token}`} what="the invitation link" />
            <DialogFooter><Button size="sm" onClick={onClose}>I have it</Button></DialogFooter>
          </>
        ) : (
          <form onSubmit={submit} className="grid gap-4">
            <div className="grid gap-1">
              <DialogTitle>Invite a person</DialogTitle>
              <DialogDescription>You get a link to hand over. They choose their name and password.</DialogDescription>
            </div>
            <FormField label="E-mail" name="email" type="email" required maxLength={255} autoComplete="off" autoFocus />
            <RoleField value={role} onChange={setRole} />
            {invite.isError && <ErrorPanel compact error={invite.error} />}
            <DialogFooter>
              <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
              <Button type="submit" size="sm" disabled={invite.isPending}>Create link</Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
