// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import type { ReactNode } from "react";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";

type ConfirmDialogProps = {
  /** A question. */
  title: string;
  /** What happens, on the button: "Revoke key". */
  action: string;
  mutation: { isPending: boolean; isError: boolean; error: unknown };
  onConfirm: () => void;
  onClose: () => void;
  /** What follows from it. */
  children: ReactNode;
};

/** Asks before something that cannot be undone; stays open, with the reason, where it fails. */
export function ConfirmDialog({ title, action, mutation, onConfirm, onClose, children }: ConfirmDialogProps) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogTitle className="pr-6 break-words">{title}</DialogTitle>
        <DialogDescription>{children}</DialogDescription>
        {mutation.isError && <ErrorPanel compact error={mutation.error} />}
        <DialogFooter>
          <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
          <Button variant="destructive" size="sm" onClick={onConfirm} disabled={mutation.isPending}>{action}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
