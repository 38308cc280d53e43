// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { FieldError } from "@/components/form-field";
import { ErrorPanel } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { useChannels } from "./channels";

/** Who is told. */
export function ChannelChoice({ chosen, error, onChange }: { chosen: string[]; error?: string; onChange: (channels: string[]) => void }) {
  const channels = useChannels();
  const all = channels.data?.data ?? [];
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Tell</legend>
      {channels.isError ? <ErrorPanel compact error={channels.error} onRetry={() => void channels.refetch()} />
        : !channels.data ? <Skeleton className="h-4 w-40" />
        : all.length === 0 ? <p className="text-2xs text-muted-foreground">There is no channel yet: incidents appear in the portal alone. <Link href="/alerts?view=channels" className="underline underline-offset-4">Add a channel</Link></p>
        : all.map(({ id, name, enabled }) => (
          <label key={id} className="flex min-w-0 items-center gap-2.5 text-[0.8125rem]">
            <input type="checkbox" className="size-4 shrink-0 accent-foreground" checked={chosen.includes(id)} onChange={(event) => onChange(event.target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))} />
            <span className="min-w-0 truncate" title={name}>{name}</span>
            {!enabled && <span className="shrink-0 text-2xs text-muted-foreground">off</span>}
          </label>
        ))}
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}
