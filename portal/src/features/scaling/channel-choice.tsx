// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ErrorPanel } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { useChannels } from "./targets";

/** Fields `channel` and `all_webhooks`: who is told when the number of replicas changes. */
export function ChannelChoice({ chosen, all }: { chosen: string[]; all: boolean }) {
  const channels = useChannels();
  const known = channels.data?.data ?? [];
  // A channel that was chosen and is not among those that were read stays chosen.
  const others = chosen.filter((id) => !known.some((channel) => channel.id === id));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-[0.8125rem] font-medium">Tell of changes</legend>
      <label className="flex items-start gap-2.5 text-[0.8125rem]">
        <input type="checkbox" name="all_webhooks" defaultChecked={all} className="mt-0.5 size-4 accent-foreground" />
        <span><span className="font-medium">Every webhook</span> <span className="text-muted-foreground">· that is enabled, also later ones</span></span>
      </label>
      {others.map((id) => <input key={id} type="hidden" name="channel" value={id} />)}
      {channels.isError ? <ErrorPanel compact error={channels.error} onRetry={() => void channels.refetch()} />
        : !channels.data ? <Skeleton className="h-4 w-40" />
        : known.map(({ id, name, enabled }) => (
          <label key={id} className="flex min-w-0 items-start gap-2.5 text-[0.8125rem]">
            <input type="checkbox" name="channel" value={id} defaultChecked={chosen.includes(id)} className="mt-0.5 size-4 shrink-0 accent-foreground" />
            <span className="min-w-0 break-words">{name}{!enabled && <span className="text-muted-foreground"> · disabled</span>}</span>
          </label>
        ))}
      {channels.data && known.length === 0 && <p className="text-2xs text-muted-foreground">There is no notification channel yet. Autoscalers ask by themselves and need none.</p>}
    </fieldset>
  );
}
