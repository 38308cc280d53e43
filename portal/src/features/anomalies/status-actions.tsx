// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Ban, Check, CheckCheck, RotateCcw, type LucideIcon } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import type { Status } from "./address";
import { nextStatuses, statusNames } from "./words";

export type Action = { status: Status; title: string; key: string; icon: LucideIcon; meaning: string };

export const actions: Record<Status, Action> = {
  acknowledged: { status: "acknowledged", title: "Acknowledge", key: "a", icon: Check, meaning: "You are looking into it. It stays in the list." },
  resolved: { status: "resolved", title: "Resolve", key: "r", icon: CheckCheck, meaning: "It is dealt with. Should the like happen again, it is reported." },
  false_positive: { status: "false_positive", title: "False positive", key: "f", icon: Ban, meaning: "Nothing was wrong. We will not report its like for 90 days, and leave the span out of training." },
  open: { status: "open", title: "Reopen", key: "o", icon: RotateCcw, meaning: "As if nobody had decided. A mark as false positive is taken back with it." },
};

const BADGE = { open: "destructive", acknowledged: "warning", resolved: "success", false_positive: "default" } as const;

export function StatusBadge({ status }: { status: Status }) {
  return <Badge variant={BADGE[status]}>{statusNames[status]}</Badge>;
}

type StatusActionsProps = { status: Status; name: string; onChange: (status: Status) => void; among?: readonly Status[] };

/** What may follow, as buttons with their keys. */
export function StatusActions({ status, onChange, among }: StatusActionsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      {nextStatuses(status).filter((each) => !among || among.includes(each)).map((next) => {
        const { title, key, icon: Icon, meaning } = actions[next];
        return (
          <Button key={next} variant="outline" size="sm" title={meaning} onClick={() => onChange(next)}>
            <Icon /> {title} <Kbd className="max-md:hidden" aria-hidden>{key}</Kbd>
          </Button>
        );
      })}
    </div>
  );
}

/** The same as icons, for a row. */
export function RowActions({ status, name, onChange, among }: StatusActionsProps) {
  return (
    <span className="flex justify-end">
      {nextStatuses(status).filter((each) => !among || among.includes(each)).map((next) => {
        const { title, icon: Icon, key, meaning } = actions[next];
        return (
          <Button key={next} variant="ghost" size="icon" className="text-muted-foreground hover:text-foreground" aria-label={`${title}: ${name}`} title={`${title} (${key}). ${meaning}`} onClick={() => onChange(next)}>
            <Icon />
          </Button>
        );
      })}
    </span>
  );
}

/** The keys of a list or a page, for those who like them. */
export function KeyHint({ keys }: { keys: [string[], string][] }) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-2xs text-muted-foreground max-md:hidden">
      {keys.map(([names, what]) => (
        <span key={what} className="inline-flex items-center gap-1">{names.map((name) => <Kbd key={name}>{name}</Kbd>)} {what}</span>
      ))}
    </p>
  );
}

export const actionKeys: [string[], string][] = [[["a"], "acknowledge"], [["r"], "resolve"], [["f"], "false positive"], [["o"], "reopen"]];
