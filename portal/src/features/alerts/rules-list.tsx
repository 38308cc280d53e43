// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { BellPlus, SearchX, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { SeverityLabel } from "@/components/severity";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import { formatCount } from "@/lib/format";
import { useChannels } from "./channels";
import type { Rule } from "./rule-draft";
import { byUrgency, conditionText, stateOf, subjectText } from "./rule-words";
import { useDeleteRule, useRules, useSwitchRule } from "./rules";

const SHOWN = 50;
/** From as many rules on a filter is worth its place. */
const FILTERED = 8;

/** Rules, what fires first. */
export function RulesList() {
  const rules = useRules();
  const may = useMay("admin");
  const change = useSwitchRule();
  const remove = useDeleteRule();
  const [removing, setRemoving] = useState<Rule | null>(null);
  const [filter, setFilter] = useState("");
  const [shown, setShown] = useState(SHOWN);
  if (rules.isError) return <ErrorPanel error={rules.error} onRetry={() => void rules.refetch()} />;
  if (!rules.data) return <LoadingRows />;
  const all = rules.data.data;
  if (all.length === 0) {
    return (
      <EmptyPanel className="min-h-64" title="No rules yet" icon={BellPlus} action={may && <Button asChild size="sm"><Link href="/alerts?rule=new">New rule</Link></Button>}>
        A rule watches a metric, and tells you when it leaves its bounds, falls silent, or is forecast to. You see what it would have done before it is on.
      </EmptyPanel>
    );
  }
  const wanted = filter.trim().toLowerCase();
  const found = byUrgency(all.filter((rule) => `${rule.name} ${rule.metric}`.toLowerCase().includes(wanted)));
  return (
    <>
      {all.length >= FILTERED && <div className="border-b px-4 py-2"><Input aria-label="Filter rules" placeholder="Filter by name or metric…" value={filter} onChange={(event) => setFilter(event.target.value)} className="h-8 w-72 max-sm:w-full" /></div>}
      {change.isError && <ErrorPanel compact error={change.error} className="m-3" />}
      {found.length === 0 ? <EmptyPanel title="No rule is called that" icon={SearchX} /> : (
        <Table label="Alert rules">
          <thead>
            <tr>
              <TableHead>State</TableHead><TableHead>Rule</TableHead><TableHead>Severity</TableHead><TableHead>Tells</TableHead>
              {may && <><TableHead>Enabled</TableHead><TableHead><span className="sr-only">Actions</span></TableHead></>}
            </tr>
          </thead>
          <tbody>
            {found.slice(0, shown).map((rule) => (
              <RuleRow key={rule.id} rule={rule} may={may} busy={change.isPending && change.variables.id === rule.id} onSwitch={(enabled) => change.mutate({ id: rule.id, enabled })} onRemove={() => setRemoving(rule)} />
            ))}
          </tbody>
        </Table>
      )}
      {found.length > shown && <div className="border-t px-4 py-2 text-center"><Button variant="ghost" size="sm" onClick={() => setShown(shown + SHOWN)}>Show more of {formatCount(found.length)}</Button></div>}
      {removing && (
        <ConfirmDialog
          title={`Delete “${removing.name}”?`}
          action="Delete rule"
          mutation={remove}
          onConfirm={() => remove.mutate(removing.id, { onSuccess: () => setRemoving(null) })}
          onClose={() => { setRemoving(null); remove.reset(); }}
        >
          {removing.firing_since ? "It is firing: its incident is resolved. " : ""}What it raised before stays in the list of incidents.
        </ConfirmDialog>
      )}
    </>
  );
}

type RuleRowProps = { rule: Rule; may: boolean; busy: boolean; onSwitch: (enabled: boolean) => void; onRemove: () => void };

function RuleRow({ rule, may, busy, onSwitch, onRemove }: RuleRowProps) {
  const { id, name, severity, enabled } = rule;
  const subject = subjectText(rule);
  return (
    <TableRow>
      <TableCell className="w-32 max-w-32 pr-0 whitespace-nowrap"><RuleStateLabel rule={rule} /></TableCell>
      <TableCell className="max-w-96 min-w-56 max-sm:max-w-60">
        <Link href={`/alerts?rule=${id}`} className="block truncate font-medium underline-offset-4 hover:underline" title={name}>{name}</Link>
        <span className="block truncate text-2xs text-muted-foreground" title={`${conditionText(rule)}: ${subject}`}>{conditionText(rule)} · <span className="font-mono">{subject}</span></span>
        {enabled && rule.evaluation_error && <span className="block text-2xs break-words text-destructive first-letter:uppercase">{rule.evaluation_error}</span>}
      </TableCell>
      <TableCell><SeverityLabel severity={severity} /></TableCell>
      <TableCell className="max-w-48"><Told ids={rule.channels} /></TableCell>
      {may && (
        <>
          <TableCell><Switch checked={enabled} disabled={busy} onCheckedChange={onSwitch} aria-label={`${name} is enabled`} className="align-middle" /></TableCell>
          <TableCell className="text-right"><Button variant="ghost" size="icon" className="text-muted-foreground hover:text-destructive" onClick={onRemove} aria-label={`Delete ${name}`}><Trash2 /></Button></TableCell>
        </>
      )}
    </TableRow>
  );
}

/** How it is with a rule now. What fires leads to its incident. */
export function RuleStateLabel({ rule }: { rule: Rule }) {
  switch (stateOf(rule)) {
    case "off":
      return <Badge>off</Badge>;
    case "firing":
      return (
        <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge variant="destructive"><span className="size-1.5 rounded-full bg-destructive" aria-hidden /> firing</Badge>
          <Link href={`/alerts?view=incidents&incident=${rule.incident_id ?? ""}`} className="text-2xs text-muted-foreground underline underline-offset-4 decoration-border hover:decoration-foreground">
            since <Time value={rule.firing_since ?? ""} relative />
          </Link>
        </span>
      );
    case "failing":
      return <Badge variant="warning">cannot be judged</Badge>;
    case "waiting":
      return <Badge>not judged yet</Badge>;
    case "fine":
      return <Badge variant="success">fine</Badge>;
  }
}

/** The names of channels; that nobody is told is worth a word. */
function Told({ ids }: { ids: string[] }) {
  const channels = useChannels().data?.data;
  if (ids.length === 0) return <span className="text-2xs text-muted-foreground">nobody</span>;
  const names = ids.map((id) => channels?.find((each) => each.id === id)?.name ?? "…").join(", ");
  return <span className="block truncate" title={names}>{names}</span>;
}
