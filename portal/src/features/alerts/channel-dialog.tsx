// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import type { FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from "@/components/ui/dialog";
import { asApiError } from "@/lib/api/error";
import { useChangeChannel, useCreateChannel, type Channel } from "./channels";
import { channelFieldOf } from "./delivery-log";
import { ChannelSecret } from "./channel-secret";

/** A new webhook, whose secret is then shown this once; or the name and address of one there is. */
export function ChannelDialog({ channel, onClose }: { channel?: Channel; onClose: () => void }) {
  const create = useCreateChannel();
  const change = useChangeChannel();
  const save = channel ? change : create;
  const refused = save.error && channelFieldOf(asApiError(save.error));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const body = { name: String(fields.get("name")).trim(), url: String(fields.get("url")).trim() };
    if (channel) change.mutate({ id: channel.id, ...body }, { onSuccess: onClose });
    else create.mutate(body);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        {create.data ? <ChannelSecret made={create.data} onClose={onClose} /> : (
          <form onSubmit={submit} className="grid gap-4">
            <div className="grid gap-1">
              <DialogTitle>{channel ? "Edit the channel" : "New channel"}</DialogTitle>
              <DialogDescription>A webhook: each message is a POST, signed as Standard Webhooks wants, and sent again until it arrives.</DialogDescription>
            </div>
            <FormField label="Name" name="name" required maxLength={255} defaultValue={channel?.name} placeholder="On call" autoFocus error={refused === "name" ? save.error?.message : undefined} />
            <FormField
              label="URL"
              name="url"
              type="url"
              required
              maxLength={2048}
              defaultValue={channel?.url}
              placeholder="https://example.com/hooks/helios"
              spellCheck={false}
              hint="On the public internet, or in a network that the operator allows."
              error={refused === "url" ? save.error?.message : undefined}
            />
            {save.isError && !refused && <ErrorPanel compact error={save.error} />}
            <DialogFooter>
              <Button variant="ghost" size="sm" onClick={onClose}>Cancel</Button>
              <Button type="submit" size="sm" disabled={save.isPending}>{channel ? "Save" : "Create channel"}</Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
