// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { CopyBlock } from "@/components/copy-block";
import { Button } from "@/components/ui/button";
import { DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import type { Schema } from "@/lib/api/types";

/** A secret, this once; stands within a dialog. */
export function ChannelSecret({ made, onClose }: { made: Schema<"NotificationChannelWithSecret">; onClose: () => void }) {
  return (
    <>
      <DialogTitle className="pr-6 break-words">{made.name}</DialogTitle>
      <DialogDescription>Copy the secret now: it is shown this once. With it, your receiver checks that a message is ours.</DialogDescription>
      <CopyBlock text={made.secret} what="the secret" />
      <DialogFooter><Button size="sm" onClick={onClose}>I have it</Button></DialogFooter>
    </>
  );
}
