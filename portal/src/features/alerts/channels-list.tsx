// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Ellipsis, Webhook } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { useMay } from "@/features/session/session";
import { ChannelDialog } from "./channel-dialog";
import { ChannelHealth } from "./channel-health";
import { useChangeChannel, useChannels, useDeleteChannel, type Channel } from "./channels";
import { RotateDialog } from "./rotate-dialog";
import { TestDialog } from "./test-dialog";

type Action = "edit" | "test" | "rotate" | "switch" | "delete";

/** Where messages go, and how it went with the last of them. `onAdd`: for who may add one. */
export function ChannelsList({ onAdd }: { onAdd?: () => void }) {
  const channels = useChannels();
  const may = useMay("admin");
  const change = useChangeChannel();
  const remove = useDeleteChannel();
  const [chosen, setChosen] = useState<{ channel: Channel; action: Action } | null>(null);
  if (channels.isError) return <ErrorPanel error={channels.error} onRetry={() => void channels.refetch()} />;
  if (!channels.data) return <LoadingRows />;
  if (channels.data.data.length === 0) {
    return (
      <EmptyPanel className="min-h-64" title="No channels yet" icon={Webhook} action={onAdd && <Button size="sm" onClick={onAdd}>New channel</Button>}>
        Incidents appear in the portal in any case. A webhook tells your chat, pager or script of them, signed.
      </EmptyPanel>
    );
  }
  const close = () => { setChosen(null); change.reset(); remove.reset(); };
  const act = (channel: Channel, action: Action) => {
    if (action === "switch" && !channel.enabled) change.mutate({ id: channel.id, enabled: true });
    else setChosen({ channel, action });
  };
  const { channel, action } = chosen ?? {};
  return (
    <>
      {change.isError && !chosen && <ErrorPanel compact error={change.error} className="m-3" />}
      <ul className="divide-y" aria-label="Notification channels">
        {channels.data.data.map((each) => <ChannelRow key={each.id} channel={each} onAct={may ? (next) => act(each, next) : undefined} />)}
      </ul>
      {channel && action === "edit" && <ChannelDialog channel={channel} onClose={close} />}
      {channel && action === "test" && <TestDialog channel={channel} onClose={close} />}
      {channel && action === "rotate" && <RotateDialog channel={channel} onClose={close} />}
      {channel && action === "switch" && (
        <ConfirmDialog title={`Turn “${channel.name}” off?`} action="Turn off" mutation={change} onConfirm={() => change.mutate({ id: channel.id, enabled: false }, { onSuccess: close })} onClose={close}>
          What waits to be sent is cancelled, and nothing is sent until it is on again.
        </ConfirmDialog>
      )}
      {channel && action === "delete" && (
        <ConfirmDialog title={`Delete “${channel.name}”?`} action="Delete channel" mutation={remove} onConfirm={() => remove.mutate(channel.id, { onSuccess: close })} onClose={close}>
          Its deliveries go with it, and rules that named it tell it no more. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}

function ChannelRow({ channel, onAct }: { channel: Channel; onAct?: (action: Action) => void }) {
  const { id, name, url, enabled, disabled_reason, previous_secret_until } = channel;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex min-w-0 items-center gap-2 text-[0.8125rem]">
          <span className="min-w-0 truncate font-medium" title={name}>{name}</span>
          {!enabled && <Badge variant={disabled_reason ? "destructive" : "default"}>{disabled_reason === "gone" ? "off: its receiver answered 410" : "off"}</Badge>}
        </p>
        <p className="truncate font-mono text-2xs text-muted-foreground" title={url}>{url}</p>
        {previous_secret_until && <p className="text-2xs text-muted-foreground">The secret before signs too, for the last time <Time value={previous_secret_until} relative /></p>}
      </div>
      <Link href={`/alerts?view=deliveries&channel=${id}`} className="rounded hover:opacity-80"><span className="sr-only">Deliveries of {name}: </span><ChannelHealth id={id} /></Link>
      {onAct && (
        <div className="flex items-center gap-1">
          <Button variant="outline" size="sm" disabled={!enabled} onClick={() => onAct("test")} aria-label={`Test ${name}`}>Test</Button>
          <DropdownMenu>
            <DropdownMenuTrigger asChild><Button variant="ghost" size="icon" className="text-muted-foreground" aria-label={`More about ${name}`}><Ellipsis /></Button></DropdownMenuTrigger>
            <DropdownMenuContent align="end">
              <DropdownMenuItem onSelect={() => onAct("edit")}>Edit</DropdownMenuItem>
              <DropdownMenuItem onSelect={() => onAct("rotate")}>Rotate secret</DropdownMenuItem>
              <DropdownMenuItem onSelect={() => onAct("switch")}>{enabled ? "Turn off" : "Turn on"}</DropdownMenuItem>
              <DropdownMenuSeparator />
              <DropdownMenuItem className="text-destructive" onSelect={() => onAct("delete")}>Delete</DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        </div>
      )}
    </li>
  );
}
