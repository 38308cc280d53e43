// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Dialog, DialogContent, DialogDescription, DialogTitle } from "@/components/ui/dialog";
import { sessionExpiry } from "@/lib/session-expiry";
import { SignInForm } from "./sign-in-form";

export default function SessionExpiredDialog({ email, organization }: { email: string; organization: string }) {
  return (
    <Dialog open>
      <DialogContent closable={false} onEscapeKeyDown={(event) => event.preventDefault()} onInteractOutside={(event) => event.preventDefault()}>
        <DialogTitle>Your session has ended</DialogTitle>
        <DialogDescription>Sign in to go on where you are. Nothing on this page is lost.</DialogDescription>
        <SignInForm email={email} organization={organization} onSignedIn={() => sessionExpiry.renew()} />
      </DialogContent>
    </Dialog>
  );
}
