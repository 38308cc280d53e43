// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { useRotateSecret, type Channel } from "./channels";
import { ChannelSecret } from "./channel-secret";

/** Asks before a new secret is made, then shows it this once. */
export function RotateDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const rotate = useRotateSecret();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        {rotate.data ? <ChannelSecret made={rotate.data} onClose={onClose} /> : (
          <>
            <DialogTitle className="pr-6 break-words">Make a new secret for “{channel.name}”?</DialogTitle>
            <DialogDescription>For 24 hours messages carry a signature of the new secret and of the one before, so that your receiver can be changed without losing any.</DialogDescription>
            {rotate.isError && <ErrorPanel compact error={rotate.error} />}
            <DialogFooter>
              <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
              <Button size="sm" disabled={rotate.isPending} onClick={() => rotate.mutate(channel.id)}>Rotate secret</Button>
            </DialogFooter>
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
