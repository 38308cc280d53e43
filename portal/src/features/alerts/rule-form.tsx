// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId, useState, type FormEvent } from "react";
import { Combobox } from "@/components/combobox";
import { FieldError, FormField } from "@/components/form-field";
import { LabelFilters } from "@/components/label-filters";
import { ErrorPanel } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { asApiError } from "@/lib/api/error";
import type { Schema } from "@/lib/api/types";
import { useMetrics } from "@/lib/queries/metrics";
import { ChannelChoice } from "./channel-choice";
import { missing, ruleFieldOf, toRule, type FieldErrors, type Rule, type RuleDraft } from "./rule-draft";
import { RuleCondition } from "./rule-condition";
import { useSaveRule } from "./rules";

const SEVERITIES: Schema<"AlertSeverity">[] = ["low", "medium", "high", "critical"];

type RuleFormProps = { rule: Rule | null; draft: RuleDraft; onChange: (draft: RuleDraft) => void; may: boolean; onDone: () => void };

/** Everything that a rule says. What the server refuses stands at its field; what was typed stays. */
export function RuleForm({ rule, draft, onChange, may, onDone }: RuleFormProps) {
  const metrics = useMetrics(60_000);
  const save = useSaveRule(rule?.id ?? null);
  const [tried, setTried] = useState(false);
  const id = useId();
  const refused = save.error && ruleFieldOf(asApiError(save.error));
  const errors: FieldErrors = { ...(refused && { [refused]: save.error?.message }), ...(tried && missing(draft)) };
  const change = (changed: Partial<RuleDraft>) => {
    if (save.isError) save.reset();
    onChange({ ...draft, ...changed });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(missing(draft)).length === 0) save.mutate(toRule(draft), { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      <fieldset disabled={!may} className="grid min-w-0 gap-5">
        <FormField label="Name" value={draft.name} maxLength={255} placeholder="Web servers are busy" error={errors.name} onChange={(event) => change({ name: event.target.value })} autoFocus={rule === null && may} />

        <div className="grid gap-1.5">
          <span className="text-[0.8125rem] font-medium">Metric</span>
          {may
            ? <Combobox label="Metric" value={draft.metric} options={metrics.data ?? []} placeholder="Choose a metric…" className="h-9 w-full" onChange={(metric) => change(metric === draft.metric ? {} : { metric, filters: [], match: null })} />
            : <p className="font-mono text-xs break-all">{draft.metric}</p>}
          {errors.metric && <FieldError>{errors.metric}</FieldError>}
          {metrics.isError && <ErrorPanel compact error={metrics.error} onRetry={() => void metrics.refetch()} />}
        </div>

        {draft.metric && (
          <div className="grid gap-1.5">
            <span className="text-[0.8125rem] font-medium">Series</span>
            {draft.match !== null || !may
              ? <FormField label="Matchers" value={draft.match ?? toRule(draft).match ?? ""} spellCheck={false} className="font-mono text-xs" error={errors.match} onChange={(event) => change({ match: event.target.value })} />
              : <LabelFilters metric={draft.metric} filters={draft.filters} onChange={(filters) => change({ filters })} />}
            {errors.match && draft.match === null && <FieldError>{errors.match}</FieldError>}
            {draft.filters.length === 0 && !draft.match && <p className="text-2xs text-muted-foreground">All of them. Each is judged by itself.</p>}
          </div>
        )}

        <RuleCondition draft={draft} errors={errors} onChange={change} />

        <div className="grid gap-1.5">
          <Label htmlFor={`${id}-severity`}>Severity</Label>
          <Select id={`${id}-severity`} value={draft.severity} onChange={(event) => change({ severity: event.target.value as RuleDraft["severity"] })}>
            {SEVERITIES.map((each) => <option key={each} value={each}>{each}</option>)}
          </Select>
        </div>

        <ChannelChoice chosen={draft.channels} error={errors.channels} onChange={(channels) => change({ channels })} />

        {rule !== null && rule.firing_since !== null && may && <p className="text-2xs text-muted-foreground">It is firing. A change resolves its incident, and the rule starts afresh.</p>}
        {save.isError && !refused && <ErrorPanel compact error={save.error} />}
        {may && (
          <div className="flex flex-wrap items-center justify-end gap-2 border-t pt-4">
            <label className="mr-auto inline-flex items-center gap-2 text-[0.8125rem]">
              <input type="checkbox" className="size-4 accent-foreground" checked={draft.enabled} onChange={(event) => change({ enabled: event.target.checked })} /> Enabled
            </label>
            <Button variant="ghost" size="sm" onClick={onDone}>Cancel</Button>
            <Button type="submit" size="sm" disabled={save.isPending}>{rule === null ? "Create rule" : "Save"}</Button>
          </div>
        )}
      </fieldset>
    </form>
  );
}
