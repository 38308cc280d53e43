// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId } from "react";
import { FieldError, FormField } from "@/components/form-field";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { formatDuration, formatShare, formatValue, unitOf } from "@/lib/format";
import { hasThreshold, thresholdOf, withCondition, type Condition, type FieldErrors, type RuleDraft } from "./rule-draft";
import { conditions } from "./rule-words";

const HOLDS = [0, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const HORIZONS = [15, 30, 60, 120, 360, 720, 1_440, 2_880, 4_320, 10_080];
const PROBABILITIES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

type RuleConditionProps = { draft: RuleDraft; errors: FieldErrors; onChange: (changed: Partial<RuleDraft>) => void };

/** What has to hold, and for how long. */
export function RuleCondition({ draft, errors, onChange }: RuleConditionProps) {
  const { condition } = draft;
  const unit = unitOf(draft.metric);
  const threshold = thresholdOf(draft);
  const id = useId();
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4">
      <div className="col-span-2 grid gap-1.5">
        <Label htmlFor={`${id}-condition`}>Fires when it</Label>
        <Select id={`${id}-condition`} value={condition} onChange={(event) => onChange(withCondition(draft, event.target.value as Condition))}>
          {conditions.map(({ condition: each, title }) => <option key={each} value={each}>{title}</option>)}
        </Select>
      </div>

      {condition === "forecast_breach" && <Choice label="Direction" value={draft.direction} options={["above", "below"]} text={(each) => each} onChange={(direction) => onChange({ direction })} />}

      {hasThreshold(condition) && (
        <FormField
          label="Threshold"
          inputMode="decimal"
          value={draft.threshold}
          placeholder={unit === "ratio" ? "0.9" : "90"}
          error={errors.threshold}
          hint={threshold === null || (unit === "" && Math.abs(threshold) < 1000) ? undefined : `is ${formatValue(threshold, unit)}`}
          onChange={(event) => onChange({ threshold: event.target.value })}
        />
      )}

      {condition === "forecast_breach" && (
        <>
          <Choice label="Within" value={draft.horizonMinutes} options={HORIZONS} text={(minutes) => formatDuration(minutes * 60)} onChange={(horizonMinutes) => onChange({ horizonMinutes })} />
          <Choice label="Probability at least" value={draft.probability} options={PROBABILITIES} text={formatShare} onChange={(probability) => onChange({ probability })} />
        </>
      )}

      {condition === "outside_expected" && (
        <div className="grid min-w-0 gap-1.5">
          <Label htmlFor={`${id}-sensitivity`}>Sensitivity</Label>
          <div className="flex h-9 items-center gap-2 text-2xs text-muted-foreground">
            quiet <input id={`${id}-sensitivity`} type="range" min={0} max={5} step={0.5} value={draft.sensitivity} onChange={(event) => onChange({ sensitivity: Number(event.target.value) })} className="w-0 min-w-0 flex-1 accent-foreground" /> keen
          </div>
          {errors.sensitivity && <FieldError>{errors.sensitivity}</FieldError>}
        </div>
      )}

      <div>
        <Choice
          label={condition === "no_data" ? "Silent for" : "For"}
          value={draft.forSeconds}
          options={condition === "no_data" ? HOLDS.filter((seconds) => seconds > 0) : HOLDS}
          text={(seconds) => (seconds === 0 ? "at once" : formatDuration(seconds))}
          onChange={(forSeconds) => onChange({ forSeconds })}
        />
        {errors.for_seconds && <FieldError>{errors.for_seconds}</FieldError>}
      </div>
    </div>
  );
}

type ChoiceProps<Value> = { label: string; value: Value; options: Value[]; text: (value: Value) => string; onChange: (value: Value) => void };

/** One of a few; what a rule holds that is none of them is offered too. */
function Choice<Value extends string | number>({ label, value, options, text, onChange }: ChoiceProps<Value>) {
  const id = useId();
  const all = options.includes(value) ? options : [...options, value].sort((a, b) => (a < b ? -1 : 1));
  return (
    <div className="grid gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Select id={id} value={value} onChange={(event) => { const chosen = all.find((each) => String(each) === event.target.value); if (chosen !== undefined) onChange(chosen); }}>
        {all.map((each) => <option key={each} value={each}>{text(each)}</option>)}
      </Select>
    </div>
  );
}
